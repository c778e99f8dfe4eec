import { describe, expect, test } from 'vitest';
import { readMemberSettings } from '../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../src/etcd/version.ts';
import type { Problems } from '../../src/model/settings-problem.ts';
import { plain, encrypted, clientPair, peerPair, sound, problemsOf } from './support/sources.ts';

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

describe('a list of URLs on the command line', () => {
  const [secure, open] = ['https://10.0.0.1:2379', 'http://10.0.0.1:4001'];
  const plainDefault = 'http://localhost:2379';

  test.each([
    { lists: [''], urls: [plainDefault], why: ['empty-urls'] },
    { lists: [secure, ''], urls: [secure], why: ['empty-urls'] },
    { lists: [`${secure},${open}`, secure], urls: [open, secure], why: ['urls-kept'] },
    { lists: [secure, secure], urls: [secure], why: [] },
    { lists: [secure, open], urls: [open], why: [] },
    { lists: [secure, `${open},${secure}`], urls: [open, secure], why: [] },
  ])('given as $lists is $urls', ({ lists, urls, why }) => {
    const words = lists.map((list) => ({ text: `--listen-client-urls=${list}` }));
    const { settings, problems } = readMemberSettings(
      [{ kind: 'flags', arguments: words }],
      etcdVersion('3.5.21'),
    );

    expect(settings.listenClientUrls.value).toEqual(urls);
    expect(whyOf(problems)).toEqual(why);
  });

  test('replaces the one before in etcd 3.3, which refuses an empty one', () => {
    const words = [`--listen-client-urls=${secure},${open}`, `--listen-client-urls=${secure}`];

    expect(whyOf(problemsOf(words, {}, '3.3.27'))).toEqual([]);
    expect(problemsOf(['--listen-client-urls='], {}, '3.3.27')).toContainEqual(
      expect.objectContaining({ kind: 'refused-at-start', name: '--listen-client-urls' }),
    );
  });
});

function whyOf(problems: Problems) {
  return problems.filter(({ kind }) => kind === 'without-effect').map(({ why }) => why);
}

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
