import { describe, expect, test } from 'vitest';
import { readYaml } from '../../src/collect/settings/yaml.ts';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import type { SettingsSource } from '../../src/model/settings.ts';
import type { SettingsProblem } from '../../src/model/settings-problem.ts';

const plain = [
  '--listen-client-urls=http://127.0.0.1:2379',
  '--advertise-client-urls=http://127.0.0.1:2379',
];
const encrypted = [
  '--listen-client-urls=https://127.0.0.1:2379',
  '--advertise-client-urls=https://127.0.0.1:2379',
  '--listen-peer-urls=https://127.0.0.1:2380',
  '--initial-advertise-peer-urls=https://127.0.0.1:2380',
];
const clientPair = ['--cert-file=/c.pem', '--key-file=/k.pem'];
const peerPair = ['--peer-cert-file=/c.pem', '--peer-key-file=/k.pem'];
const sound = ['--name=n1', ...encrypted, ...clientPair, ...peerPair];

test('takes flags and variables together, each with its place', () => {
  const { settings, problems } = readMemberSettings(
    [
      {
        kind: 'flags',
        arguments: [
          { text: '--cert-file', location: { file: 'unit', line: 3 } },
          { text: '/srv.pem', location: { file: 'unit', line: 3 } },
          { text: '-client-cert-auth', location: { file: 'unit', line: 4 } },
        ],
      },
      {
        kind: 'environment',
        variables: [
          { name: 'ETCD_KEY_FILE', value: '/old.key', location: { file: 'drop-in', line: 1 } },
          { name: 'ETCD_KEY_FILE', value: '/srv.key', location: { file: 'drop-in', line: 2 } },
          { name: 'GODEBUG', value: 'x509sha1=1' },
        ],
      },
    ],
    etcdVersion('3.5.21'),
  );

  expect(settings.client).toEqual({
    certFile: {
      value: '/srv.pem',
      origin: { via: 'flag', name: '--cert-file', location: { file: 'unit', line: 3 } },
    },
    keyFile: {
      value: '/srv.key',
      origin: {
        via: 'environment',
        name: 'ETCD_KEY_FILE',
        location: { file: 'drop-in', line: 2 },
      },
    },
    clientCertAuth: {
      value: true,
      origin: { via: 'flag', name: '--client-cert-auth', location: { file: 'unit', line: 4 } },
    },
  });
  expect(settings.processEnvironment).toMatchObject({ GODEBUG: { value: 'x509sha1=1' } });
  expect(problems.filter(({ kind }) => kind === 'refused-at-start')).toEqual([]);
});

test('has etcd’s defaults where nothing is set', () => {
  const { settings } = readMemberSettings([], etcdVersion('3.5.21'));

  expect(settings).toMatchObject({
    listenClientUrls: { value: ['http://localhost:2379'], origin: { via: 'default' } },
    advertiseClientUrls: { value: ['http://localhost:2379'] },
    listenPeerUrls: { value: ['http://localhost:2380'] },
    initialAdvertisePeerUrls: { value: ['http://localhost:2380'] },
  });
});

test('supposes what it is told to where nothing else is set, and only there', () => {
  const { settings } = readMemberSettings(
    [
      {
        kind: 'assumed',
        settings: [
          { name: 'listen-peer-urls', value: 'https://10.0.0.1:2380', because: 'its first IP SAN' },
          { name: 'name', value: 'other', because: 'the file name' },
        ],
      },
      { kind: 'flags', arguments: [{ text: '--name=node1' }] },
    ],
    etcdVersion('3.5.21'),
  );

  expect(settings.name?.value).toBe('node1');
  expect(settings.listenPeerUrls).toEqual({
    value: ['https://10.0.0.1:2380'],
    origin: { via: 'assumed', because: 'its first IP SAN' },
  });
});

/** Each text below was printed by a real etcd of the version named, or stands in its source. */
describe('says what etcd refuses to start with, in its words', () => {
  test.each([
    {
      version: '3.4.23',
      variables: { ETCD_CLIENT_CERT_AUTH: 'yes' },
      says: 'invalid value "yes" for ETCD_CLIENT_CERT_AUTH: parse error',
    },
    {
      version: '3.4.23',
      words: ['--client-cert-auth=yes'],
      says: 'invalid boolean value "yes" for -client-cert-auth: parse error',
    },
    {
      version: '3.4.23',
      words: [...plain, '--client-cert-auth', 'true'],
      says: "'true' is not a valid flag",
    },
    {
      version: '3.6.10',
      words: [...plain, '--client-cert-auth', 'true'],
      says: '"true" is not a valid flag',
    },
    {
      version: '3.6.10',
      words: [...plain, '--', '--client-cert-auth', '--trusted-ca-file=/ca.crt'],
      says: '"--client-cert-auth" is not a valid flag',
    },
    { version: '3.4.23', words: ['--ca-file=/x'], says: 'flag provided but not defined: -ca-file' },
    {
      version: '3.4.24',
      words: ['--tls-min-version=TLS1.2'],
      says: 'flag provided but not defined: -tls-min-version',
    },
    {
      version: '3.7.0',
      words: ['--experimental-peer-skip-client-san-verification'],
      says: 'flag provided but not defined: -experimental-peer-skip-client-san-verification',
    },
    { version: '3.4.23', words: ['--cert-file'], says: 'flag needs an argument: -cert-file' },
    { version: '3.4.23', words: ['---cert-file'], says: 'bad flag syntax: ---cert-file' },
    {
      version: '3.4.23',
      words: ['--snapshot-count=many'],
      says: 'invalid value "many" for flag -snapshot-count: parse error',
    },
    {
      version: '3.4.23',
      words: ['--cert-file=/c.pem'],
      variables: { ETCD_CERT_FILE: '' },
      says: 'conflicting environment variable "ETCD_CERT_FILE" is shadowed by corresponding command-line flag (either unset environment variable or disable flag)',
    },
    {
      version: '3.5.21',
      words: ['--cert-file=/c.pem'],
      variables: { ETCD_CERT_FILE: '/c.pem' },
      says: 'conflicting environment variable is shadowed by corresponding command-line flag (either unset environment variable or disable flag))',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=localhost:2379'],
      says: 'invalid value "localhost:2379" for flag -listen-client-urls: URL scheme must be http, https, unix, or unixs: localhost:2379',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=10.0.0.1:2379'],
      says: 'invalid value "10.0.0.1:2379" for flag -listen-client-urls: parse "10.0.0.1:2379": first path segment in URL cannot contain colon',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:2379/a'],
      says: 'invalid value "http://127.0.0.1:2379/a" for flag -listen-client-urls: URL must not contain a path: http://127.0.0.1:2379/a',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1'],
      says: 'invalid value "http://127.0.0.1" for flag -listen-client-urls: URL address does not have the form "host:port": http://127.0.0.1',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:abc'],
      says: 'invalid value "http://127.0.0.1:abc" for flag -listen-client-urls: parse "http://127.0.0.1:abc": invalid port ":abc" after host',
    },
    {
      version: '3.4.23',
      variables: { ETCD_LISTEN_CLIENT_URLS: 'foo' },
      says: 'invalid value "foo" for ETCD_LISTEN_CLIENT_URLS: URL scheme must be http, https, unix, or unixs: foo',
    },
    {
      version: '3.4.23',
      words: [
        '--listen-client-urls=https://name:2379',
        '--advertise-client-urls=https://name:2379',
      ],
      says: 'expected IP in URL for binding (https://name:2379)',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:1', '--advertise-client-urls=http://:1'],
      says: '--advertise-client-urls "http://:1" must be "host:port" (unexpected empty host (http://:1))',
    },
    {
      version: '3.4.23',
      words: ['--listen-client-urls=http://127.0.0.1:2379'],
      says: '--advertise-client-urls is required when --listen-client-urls is set explicitly',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...clientPair],
      says: 'cannot listen on TLS for 127.0.0.1:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: ['--listen-peer-urls=https://0.0.0.0:2380'],
      says: 'cannot listen on TLS for [::]:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: ['--listen-peer-urls=https://localhost:2380'],
      says: 'cannot listen on TLS for 127.0.0.1:2380: KeyFile and CertFile are not presented',
    },
    {
      version: '3.4.23',
      words: [...plain, '--peer-cert-file=/c.pem'],
      says: 'KeyFile and CertFile must both be present[key: , cert: /c.pem]',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...peerPair],
      says: 'TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:2379 with HTTPS scheme',
    },
    {
      version: '3.3.25',
      words: [...encrypted, ...peerPair],
      says: 'TLS key/cert (--cert-file, --key-file) must be provided for client url https://127.0.0.1:2379 with HTTPs scheme',
    },
    {
      version: '3.4.23',
      words: [...encrypted, ...peerPair, '--cert-file=/c.pem'],
      says: 'KeyFile and CertFile must both be present[key: , cert: /c.pem]',
    },
    {
      version: '3.5.21',
      words: [...sound, '--peer-client-key-file=/k.pem'],
      says: 'ClientKeyFile and ClientCertFile must both be present or both absent: key: /k.pem, cert: ]',
    },
    {
      version: '3.4.23',
      words: [...sound, '--peer-cert-allowed-cn=a', '--peer-cert-allowed-hostname=b'],
      says: 'AllowedCN and AllowedHostname are mutually exclusive (cn="a", hostname="b")',
    },
    {
      version: '3.6.10',
      words: [...sound, '--peer-cert-allowed-cn=a,b', '--peer-cert-allowed-hostname=c'],
      says: 'AllowedCNs and AllowedHostnames are mutually exclusive (cns=["a" "b"], hostnames=["c"])',
    },
    {
      version: '3.4.23',
      words: [...plain, '--listen-metrics-urls=https://127.0.0.1:2381'],
      says: 'cannot listen on TLS for 127.0.0.1:2381: KeyFile and CertFile are not presented',
    },
    {
      version: '3.5.21',
      words: [...plain, '--listen-metrics-urls=https://127.0.0.1:2381'],
      says: 'client TLS key/cert (--cert-file, --key-file) must be provided for metrics secure url',
    },
    {
      version: '3.4.23',
      words: [...plain, '--cipher-suites=TLS_RSA_WITH_AES_128_GCM_SHA256, TLS_FOO'],
      says: 'unexpected TLS cipher suite " TLS_FOO"',
    },
    {
      version: '3.4.19',
      words: [...plain, '--cipher-suites=TLS_AES_128_GCM_SHA256'],
      says: 'unexpected TLS cipher suite "TLS_AES_128_GCM_SHA256"',
    },
    {
      version: '3.5.21',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)',
    },
    {
      version: '3.4.23',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'panic: runtime error: invalid memory address or nil pointer dereference',
    },
    {
      version: '3.4.30',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 or TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)',
    },
    {
      version: '3.5.21',
      words: [...plain, '--tls-min-version=TLS1.1'],
      says: 'unexpected TLS version "TLS1.1" (must be one of: TLS1.2, TLS1.3)',
    },
    {
      version: '3.5.21',
      words: [...plain, '--tls-min-version=TLS1.3', '--tls-max-version=TLS1.2'],
      says: 'min version (TLS1.3) is greater than max version (TLS1.2)',
    },
    {
      version: '3.5.21',
      words: [
        ...plain,
        '--tls-min-version=TLS1.3',
        '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      ],
      says: 'cipher suites cannot be configured when only TLS1.3 is enabled',
    },
    {
      version: '3.6.10',
      words: [
        ...plain,
        '--peer-skip-client-san-verification',
        '--experimental-peer-skip-client-san-verification',
      ],
      says: 'cannot set --experimental-peer-skip-client-san-verification and --peer-skip-client-san-verification at the same time, please use --peer-skip-client-san-verification only',
    },
    {
      version: '3.5.30',
      words: [...plain, '--listen-client-http-urls=http://127.0.0.1:2379'],
      says: 'cannot bind both --client-listen-urls and --client-listen-http-urls on the same url http://127.0.0.1:2379',
    },
    {
      version: '3.3.25',
      words: [...sound, '--cipher-suites=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
      says: 'use of closed network connection',
    },
    {
      version: '3.4.0',
      words: ['--listen-client-urls=10.0.0.1:2379'],
      says: 'invalid value "10.0.0.1:2379" for flag -listen-client-urls: parse 10.0.0.1:2379: first path segment in URL cannot contain colon',
    },
    {
      version: '3.5.21',
      words: ['--listen-client-urls=http://::1:2379'],
      says: 'invalid value "http://::1:2379" for flag -listen-client-urls: URL address does not have the form "host:port": http://::1:2379',
    },
    {
      version: '3.7.0',
      words: ['--listen-client-urls=http://::1:2379'],
      says: 'invalid value "http://::1:2379" for flag -listen-client-urls: parse "http://::1:2379": invalid port "::1:2379" after host',
    },
    {
      version: '3.6.10',
      words: [...plain, '--listen-client-http-urls=http://127.0.0.1:2379'],
      says: 'cannot bind both --listen-client-urls and --listen-client-http-urls on the same url http://127.0.0.1:2379',
    },
    {
      version: '3.5.21',
      words: [...encrypted, ...peerPair, '--auto-tls', '--self-signed-cert-validity=0'],
      says: 'selfSignedCertValidity is invalid,it should be greater than 0',
    },
    {
      version: '3.4.23',
      words: [
        ...plain,
        '--name=n1',
        '--initial-cluster=n1=http://10.0.0.1:2380,n2=https://10.0.0.2:2380',
        '--initial-advertise-peer-urls=https://10.0.0.1:2380',
      ],
      says: '--initial-cluster has n1=http://10.0.0.1:2380 but missing from --initial-advertise-peer-urls=https://10.0.0.1:2380',
    },
    {
      version: '3.4.23',
      words: [...plain, '--name=n1', '--initial-cluster=n2=http://localhost:2380'],
      says: 'couldn\'t find local name "n1" in the initial cluster configuration',
    },
  ])('$version: $says', ({ version, words = [], variables = {}, says }) => {
    expect(refusals(problemsOf(words, variables, version))).toContain(says);
  });

  test('and finds nothing to refuse in sound settings', () => {
    const words = [...sound, '--client-cert-auth'];

    expect(problemsOf([...words, '--trusted-ca-file=/ca.pem'], {}, '3.5.21')).toEqual([]);
  });

  test.each([
    { what: 'a member with a name of its own', words: ['--name=n1'] },
    { what: 'a member that discovers its peers', words: ['--discovery=https://d.test/a'] },
  ])('and leaves the default cluster out of account for $what', ({ words }) => {
    const all = [...plain, '--initial-advertise-peer-urls=https://10.0.0.1:2380', ...words];

    expect(refusals(problemsOf(all, {}, '3.5.21'))).toEqual([]);
  });

  test('and does not call a name and an address different', () => {
    const words = [
      ...plain,
      '--name=n1',
      '--initial-cluster=n1=https://n1.test:2380',
      '--initial-advertise-peer-urls=https://10.0.0.1:2380',
    ];

    expect(refusals(problemsOf(words, {}, '3.5.21'))).toEqual([]);
  });
});

describe('tells settings that do nothing', () => {
  test.each([
    {
      name: 'a variable that etcd does not know',
      variables: { ETCD_CLIENT_CERT_AUTHX: 'true' },
      problem: {
        kind: 'unknown-variable',
        name: 'ETCD_CLIENT_CERT_AUTHX',
        etcdSays: 'unrecognized environment variable ETCD_CLIENT_CERT_AUTHX=true',
        values: { nearest: 'ETCD_CLIENT_CERT_AUTH' },
      },
    },
    {
      name: 'a variable of older versions',
      variables: { ETCD_CA_FILE: '/ca.pem' },
      problem: {
        kind: 'not-in-this-version',
        values: { lifetime: 'before 3.4.0' },
      },
    },
    {
      name: 'an empty variable',
      variables: { ETCD_CLIENT_CERT_AUTH: '' },
      problem: { kind: 'empty-variable', name: 'ETCD_CLIENT_CERT_AUTH' },
    },
    {
      name: 'a certificate and an http URL',
      words: [...plain, ...clientPair, '--client-cert-auth'],
      problem: {
        kind: 'without-effect',
        name: '--cert-file',
        etcdSays:
          'The scheme of client url http://127.0.0.1:2379 is HTTP while peer key/cert files are presented. Ignored key/cert files.',
      },
    },
    {
      name: 'client authentication and an http URL',
      words: [...plain, ...clientPair, '--client-cert-auth', '--logger=zap'],
      problem: {
        kind: 'without-effect',
        name: '--client-cert-auth',
        etcdSays:
          'scheme is HTTP while --client-cert-auth is enabled; ignoring client cert auth for this URL',
      },
    },
    {
      name: 'a CA and auto-tls',
      words: [...encrypted, ...peerPair, '--auto-tls', '--trusted-ca-file=/ca.pem'],
      problem: { kind: 'without-effect', name: '--trusted-ca-file' },
    },
    {
      name: 'auto-tls and a certificate',
      words: [...sound, '--peer-auto-tls'],
      problem: { kind: 'without-effect', etcdSays: 'ignoring peer auto TLS since certs given' },
    },
    {
      name: 'a revocation list that nobody’s certificate is held against',
      words: [...sound, '--client-crl-file=/crl'],
      problem: { kind: 'without-effect', name: '--client-crl-file' },
    },
    {
      name: 'suites of TLS 1.3',
      words: [
        ...plain,
        '--cipher-suites=TLS_AES_128_GCM_SHA256,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      ],
      problem: { kind: 'without-effect', name: '--cipher-suites' },
    },
    {
      name: 'a host whitelist where all clients come by TLS',
      words: [...sound, '--host-whitelist=a'],
      problem: { kind: 'without-effect', name: '--host-whitelist' },
    },
  ])('$name', ({ words = [], variables = {}, problem }) => {
    expect(problemsOf(words, variables, '3.4.23')).toContainEqual(expect.objectContaining(problem));
  });

  test('a variable that a flag of 3.3 overrides', () => {
    const variables = { ETCD_DATA_DIR: '/d' };

    expect(problemsOf(['--data-dir=/e'], variables, '3.3.25')).toMatchObject([
      {
        kind: 'without-effect',
        etcdSays:
          'recognized environment variable ETCD_DATA_DIR, but unused: shadowed by corresponding flag',
      },
    ]);
  });

  test.each(['ETCD_IMAGE_TAG', 'ETCD_UNSUPPORTED_ARCH', 'ETCD_SERVICE_HOST'])(
    'but not %s, which is for others',
    (name) => {
      expect(problemsOf([], { [name]: 'x' }, '3.5.21')).toEqual([]);
    },
  );
});

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

test.each([
  { version: '3.5.14', value: ['a,b'] },
  { version: '3.5.15', value: ['a', 'b'] },
])('$version makes $value of a,b', ({ version, value }) => {
  const { settings } = readMemberSettings(
    [{ kind: 'flags', arguments: [{ text: '--peer-cert-allowed-cn=a,b' }] }],
    etcdVersion(version),
  );

  expect(settings.peer.allowedCns?.value).toEqual(value);
});

function problemsOf(
  words: readonly string[],
  variables: Readonly<Record<string, string>>,
  version: string,
): readonly SettingsProblem[] {
  const sources: readonly SettingsSource[] = [
    { kind: 'flags', arguments: words.map((text) => ({ text })) },
    {
      kind: 'environment',
      variables: Object.entries(variables).map(([name, value]) => ({ name, value })),
    },
  ];
  return readMemberSettings(sources, etcdVersion(version)).problems;
}

function refusals(problems: readonly SettingsProblem[]) {
  return problems.filter(({ kind }) => kind === 'refused-at-start').map(({ etcdSays }) => etcdSays);
}

async function configFile(text: string): Promise<SettingsSource> {
  const read = await readYaml({ path: 'etcd.conf.yml', text }, '1.1');
  const [document] = read.ok ? read.documents : [];
  return {
    kind: 'config-file',
    path: '/etc/etcd/etcd.conf.yml',
    ...(document === undefined ? {} : { document }),
    ...(read.ok ? {} : { unreadable: read }),
  };
}

async function readFile(text: string, version = '3.5.21') {
  return readMemberSettings([await configFile(text)], etcdVersion(version));
}
