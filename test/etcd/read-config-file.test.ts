import { describe, expect, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import { problemsOf, refusals, configFile, readFile } from './support/sources.ts';

describe('reads a configuration file as etcd does', () => {
  test('and ignores other files in its directory', async () => {
    const source = await configFile('listen-peer-urls: http://10.0.0.1:2380');
    const { settings, problems } = readMemberSettings(
      [
        source,
        { kind: 'flags', arguments: [{ text: '--config-file=/e.yml' }, { text: '--name=n1' }] },
        {
          kind: 'environment',
          variables: [
            { name: 'ETCD_CERT_FILE', value: '/c.pem' },
            { name: 'ETCD_KEY_FILE', value: '' },
          ],
        },
      ],
      etcdVersion('3.5.21'),
    );

    expect(settings.listenPeerUrls.value).toEqual(['http://10.0.0.1:2380']);
    expect(settings.client).toEqual({});
    expect(settings.name).toBeUndefined();
    expect(problems.map(({ kind, name }) => [kind, name])).toEqual([
      ['ignored-beside-config-file', '--name'],
      ['ignored-beside-config-file', 'ETCD_CERT_FILE'],
    ]);
  });

  test('with the place of each value', async () => {
    const { settings } = await readFile(
      '---\nname: n1\nclient-transport-security:\n  Cert-File: /c.pem\n  client-cert-auth: yes\n',
    );

    expect(settings.client.certFile).toEqual({
      value: '/c.pem',
      origin: {
        via: 'config-file',
        name: 'client-transport-security.Cert-File',
        location: { file: 'etcd.conf.yml', line: 4, column: 3 },
      },
    });
    expect(settings.client.clientCertAuth?.value).toBe(true);
  });

  test('taking the last of two sections', async () => {
    const { settings, problems } = await readFile(
      'peer-transport-security: {cert-file: /c.pem}\npeer-transport-security: {key-file: /k.pem}\n',
    );

    expect(settings.peer).toMatchObject({ keyFile: { value: '/k.pem' } });
    expect(settings.peer.certFile).toBeUndefined();
    expect(problems).toContainEqual(
      expect.objectContaining({ kind: 'duplicate-section', name: 'peer-transport-security' }),
    );
  });

  test.each([
    {
      text: 'client-cert-auth: true',
      problem: {
        kind: 'misplaced-key',
        values: { section: 'client-transport-security', key: 'client-cert-auth' },
      },
    },
    {
      text: 'peer-cert-file: /c.pem',
      problem: {
        kind: 'misplaced-key',
        why: 'key-of-section',
        values: { section: 'peer-transport-security', key: 'cert-file' },
      },
    },
    {
      text: 'peer-transport-security: {peer-cert-file: /c.pem}',
      problem: {
        kind: 'misplaced-key',
        why: 'key-with-prefix',
        values: { section: 'peer-transport-security', key: 'cert-file' },
      },
    },
    {
      text: 'client-transport-security: {cipher-suites: [a]}',
      problem: { kind: 'misplaced-key', values: { key: 'cipher-suites' } },
    },
    {
      text: 'client-transport-security: {certFile: /c.pem}',
      problem: {
        kind: 'unknown-key',
        name: 'certFile',
        values: { nearest: 'cert-file', section: 'client-transport-security' },
      },
    },
    {
      text: 'client-transport-secrity: {cert-file: /c.pem}',
      problem: { kind: 'unknown-key', values: { nearest: 'client-transport-security' } },
    },
    {
      text: 'client-transport-security: {client-crl-file: /crl.pem}',
      problem: { kind: 'unknown-key', name: 'client-crl-file' },
    },
    {
      text: 'peer-transport-security: {allowed-cn: [a]}',
      version: '3.5.13',
      problem: { kind: 'not-in-this-version', name: 'allowed-cn' },
    },
    {
      text: 'tls-min-version: TLS1.3',
      version: '3.4.24',
      problem: { kind: 'not-in-this-version', name: 'tls-min-version' },
    },
  ])('passing over $text', async ({ text, version = '3.5.21', problem }) => {
    const { problems } = await readFile(text, version);

    expect(problems).toContainEqual(expect.objectContaining(problem));
  });

  test.each([
    {
      text: 'client-transport-security: {client-cert-auth: "true"}',
      says: 'json: cannot unmarshal string into Go struct field securityConfig.client-transport-security.client-cert-auth of type bool',
    },
    {
      text: 'cipher-suites: TLS_X',
      says: 'json: cannot unmarshal string into Go struct field configYAML.cipher-suites of type []string',
    },
    {
      text: 'peer-transport-security: {allowed-cn: a}',
      version: '3.5.15',
      says: 'json: cannot unmarshal string into Go struct field securityConfig.peer-transport-security.allowed-cn of type []string',
    },
    {
      text: 'peer-transport-security: [a]',
      says: 'json: cannot unmarshal array into Go struct field configYAML.peer-transport-security of type embed.securityConfig',
    },
    {
      text: 'client-transport-security: {client-cert-auth: "true"}',
      version: '3.5.30',
      says: 'json: cannot unmarshal string into Go struct field securityConfig.configJSON.client-transport-security.client-cert-auth of type bool',
    },
    {
      text: 'cipher-suites: TLS_X',
      version: '3.5.30',
      says: 'json: cannot unmarshal string into Go struct field configYAML.Config.cipher-suites of type []string',
    },
    {
      text: 'peer-transport-security: [a]',
      version: '3.5.30',
      says: 'json: cannot unmarshal array into Go struct field configYAML.configJSON.peer-transport-security of type embed.securityConfig',
    },
    { text: '- a', says: 'json: cannot unmarshal array into Go value of type embed.configYAML' },
    {
      text: 'advertise-client-urls: foo',
      says: 'unexpected error setting up advertise-peer-urls: URL scheme must be http, https, unix, or unixs: foo',
    },
    { text: 'a: [', says: 'error converting YAML to JSON: yaml: ' },
  ])('refusing $text in $version', async ({ text, version = '3.4.23', says }) => {
    const { problems } = await readFile(text, version);

    expect(refusals(problems)).toContain(says);
  });

  test('with the gateway off in 3.4 alone', async () => {
    const old = await readFile('name: a', '3.4.23');
    const current = await readFile('name: a', '3.5.0');

    expect(old.settings.enableGrpcGateway?.value).toBe(false);
    expect(current.settings.enableGrpcGateway).toBeUndefined();
  });

  test('and knows that Go’s own field names set a revocation list', async () => {
    const { settings } = await readFile('PeerTLSInfo: {CRLFile: /x.crl}', '3.4.23');

    expect(settings.peer.crlFile?.value).toBe('/x.crl');
  });

  test('or says that it was not given', () => {
    const words = ['--config-file=/etc/etcd.yml', '--cert-file=/c.pem'];

    expect(problemsOf(words, {}, '3.5.21')).toMatchObject([
      { kind: 'unparsable', why: 'config-file-not-given', values: { file: '/etc/etcd.yml' } },
      { kind: 'ignored-beside-config-file', name: '--cert-file' },
    ]);
  });
});
