import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

describe('etcdctl', () => {
  test('by the script of the seed', async () => {
    const [client] = await clients({
      'etcd-env.sh': [
        'export ETCDCTL_API=3',
        'export ETCDCTL_DIAL_TIMEOUT=3s',
        'export ETCDCTL_ENDPOINTS=https://etcd-0.robobee.test:2379',
        'export ETCDCTL_CACERT=/etc/ssl/certs/etcd/ca_cert.pem',
        'export ETCDCTL_CERT=/etc/ssl/certs/etcd/client_cert.pem',
        'export ETCDCTL_KEY=/etc/ssl/certs/etcd/client_key_insecure.pem',
      ].join('\n'),
    });

    expect(client).toMatchObject({
      name: 'etcdctl',
      kind: 'etcdctl',
      origin: { file: 'etcd-env.sh', line: 3 },
      endpoints: { value: ['https://etcd-0.robobee.test:2379'] },
      caFile: { value: '/etc/ssl/certs/etcd/ca_cert.pem' },
      certFile: { value: '/etc/ssl/certs/etcd/client_cert.pem' },
      keyFile: {
        value: '/etc/ssl/certs/etcd/client_key_insecure.pem',
        origin: {
          via: 'environment',
          name: 'ETCDCTL_KEY',
          location: { file: 'etcd-env.sh', line: 6 },
        },
      },
      verifier: 'go',
      speaks: 'grpc',
      problems: [],
    });
  });

  test('by a script that builds its paths', async () => {
    const [client] = await clients({
      'env.sh':
        'PKI=/etc/pki\nexport ETCDCTL_CACERT="${PKI}/ca.pem" ETCDCTL_ENDPOINTS=a:2379 # all\n',
    });

    expect(client).toMatchObject({
      caFile: { value: '/etc/pki/ca.pem' },
      endpoints: { value: ['https://a:2379'] },
    });
  });

  test('by its command line', async () => {
    const [client] = await clients({
      'check.sh':
        'ETCDCTL_API=3 etcdctl --cacert=/ca.pem --cert /c.pem \\\n  --key /k.pem --endpoints=https://a:2379,b:2379 member list\n',
    });

    expect(client).toMatchObject({
      endpoints: {
        value: ['https://a:2379', 'https://b:2379'],
        origin: { name: '--endpoints', location: { file: 'check.sh', line: 2 } },
      },
      certFile: { value: '/c.pem' },
      keyFile: { value: '/k.pem' },
    });
  });

  test.each([
    { text: 'ETCDCTL_ENDPOINTS=10.0.0.1:2379', dials: 'http://10.0.0.1:2379' },
    {
      text: 'ETCDCTL_ENDPOINTS=10.0.0.1:2379\nETCDCTL_CACERT=/ca.pem',
      dials: 'https://10.0.0.1:2379',
    },
    {
      text: 'ETCDCTL_ENDPOINTS=10.0.0.1:2379\nETCDCTL_INSECURE_TRANSPORT=false',
      dials: 'https://10.0.0.1:2379',
    },
    {
      text: 'ETCDCTL_ENDPOINTS=http://10.0.0.1:2379\nETCDCTL_CACERT=/ca.pem',
      dials: 'http://10.0.0.1:2379',
    },
    { text: 'ETCDCTL_CACERT=/ca.pem', dials: 'https://127.0.0.1:2379' },
  ])('with $text dials $dials', async ({ text, dials }) => {
    const [client] = await clients({ 'etcdctl.env': text });

    expect(client?.endpoints.value).toEqual([dials]);
  });

  test.each([
    {
      text: 'ETCDCTL_CERT=/c.pem',
      problem: {
        kind: 'refused-at-start',
        etcdSays: 'KeyFile and CertFile must both be present[key: , cert: /c.pem]',
      },
    },
    {
      text: 'ETCDCTL_CA_FILE=/ca.pem',
      problem: {
        kind: 'unknown-variable',
        name: 'ETCDCTL_CA_FILE',
        etcdSays: 'unrecognized environment variable ETCDCTL_CA_FILE=/ca.pem',
      },
    },
    {
      text: 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY=true',
      problem: { kind: 'without-effect', name: 'ETCDCTL_INSECURE_SKIP_TLS_VERIFY' },
    },
  ])('with $text alone has a problem', async ({ text, problem }) => {
    const [client] = await clients({ 'etcdctl.env': text });

    expect(client?.problems).toContainEqual(expect.objectContaining(problem));
  });

  test.each([
    { urls: 'http://a:1,https://b:1', scheme: 'without TLS' },
    { urls: 'https://a:1,http://b:1', scheme: 'with TLS' },
  ])('dials $urls alike, $scheme', async ({ urls, scheme }) => {
    const [client] = await clients({ 'etcdctl.env': `ETCDCTL_ENDPOINTS=${urls}` });

    expect(client?.problems).toMatchObject([
      {
        kind: 'without-effect',
        name: 'ETCDCTL_ENDPOINTS',
        values: { scheme },
      },
    ]);
  });

  test('is not there where its version alone is set', async () => {
    expect(await clients({ 'etcdctl.env': 'ETCDCTL_API=3' })).toEqual([]);
  });
});

test.each([
  ['etcdctl --version', 0],
  ['etcdctl --debug version', 0],
  ['etcdctl -w table --endpoints https://a:2379 version', 0],
  ['etcdctl snapshot --help', 0],
  ['etcdctl snapshot restore /backup/a.db --data-dir /var/lib/etcd', 0],
  ['etcdctl --write-out=json snapshot status /backup/a.db', 0],
  ['etcdctl defrag --data-dir /var/lib/etcd', 0],
  ['etcdctl defrag --endpoints https://a:2379', 1],
  ['export ETCDCTL_ENDPOINTS=https://a:2379\netcdctl version', 1],
  ['etcdctl --endpoints https://a:2379 snapshot save /backup/a.db', 1],
  ['etcdctl --endpoints https://a:2379 get version', 1],
  ['etcdctl --command-timeout 5s --endpoints https://a:2379 put help me', 1],
])('"%s" is %d client', async (command, count) => {
  expect(await clients({ 'backup.sh': `#!/bin/sh\n${command}\n` })).toHaveLength(count);
});

test.each([
  'etcdctl --endpoints https://a:2379 version',
  'etcdctl snapshot restore a.db --name a \\\n  --initial-cluster a=https://a:2380',
  'etcdutl snapshot restore a.db --name a --initial-cluster a=https://a:2380',
])('"%s" needs no reader', async (command) => {
  const read = await readSettings([{ path: 'restore.sh', text: `#!/bin/sh\n${command}\n` }], {
    find: () => undefined,
    paths: [],
  });

  expect(read.notUnderstood).toEqual([]);
});

test('what else a script says is not passed over next to a command without a request', async () => {
  const text = '#!/bin/sh\netcdctl version\nrun <<< --initial-cluster=a\n';
  const { notUnderstood } = await readSettings([{ path: 'restore.sh', text }], {
    find: () => undefined,
    paths: [],
  });

  expect(notUnderstood).toMatchObject([{ path: 'restore.sh', line: 3 }]);
});

test('a script that calls etcdctl twice alike has one client', async () => {
  const found = await clients({
    'etcd.sh': [
      'export ETCDCTL_CACERT=/ca.pem',
      'etcdctl --endpoints https://a:2379 member list',
      'etcdctl --endpoints https://a:2379 endpoint health',
      'etcdctl --endpoints https://b:2379 endpoint health',
    ].join('\n'),
  });

  expect(found.map(({ endpoints, caFile }) => [...endpoints.value, caFile?.value])).toEqual([
    ['https://a:2379', '/ca.pem'],
    ['https://b:2379', '/ca.pem'],
  ]);
});

describe('flanneld', () => {
  test('by the help text of the seed dials without any file, and says so', async () => {
    const [client] = await clients({
      'flanneld.txt': [
        '--etcd-keyfile="": SSL key file used to secure etcd communication.',
        '--etcd-certfile="": SSL certification file used to secure etcd communication.',
        '--etcd-cafile="": SSL Certificate Authority file used to secure etcd communication.',
      ].join('\n'),
    });

    expect(client).toMatchObject({ kind: 'flanneld', origin: { file: 'flanneld.txt', line: 1 } });
    expect(client?.certFile).toBeUndefined();
    expect(client?.endpoints.origin.via).toBe('default');
    expect(client?.problems.map(({ name, location }) => [name, location?.line])).toEqual([
      ['--etcd-cafile', 3],
      ['--etcd-certfile', 2],
      ['--etcd-keyfile', 1],
    ]);
  });

  test('by its variables', async () => {
    const [client] = await clients({
      flanneld: [
        'FLANNELD_ETCD_ENDPOINTS=https://a:2379',
        'FLANNELD_ETCD_CAFILE=/ca.pem',
        'FLANNELD_ETCD_CERTFILE=/c.pem',
        'FLANNELD_ETCD_KEYFILE=/k.pem',
      ].join('\n'),
    });

    expect(client).toMatchObject({
      kind: 'flanneld',
      endpoints: { value: ['https://a:2379'] },
      caFile: { value: '/ca.pem' },
      problems: [],
    });
  });

  test('without a certificate and a key uses no CA file either, and says so', async () => {
    const [client] = await clients({
      flanneld: 'FLANNELD_ETCD_ENDPOINTS=https://a:2379\nFLANNELD_ETCD_CAFILE=/ca.pem\n',
    });

    expect(client?.caFile).toBeUndefined();
    expect(client?.problems).toMatchObject([
      { kind: 'without-effect', name: 'FLANNELD_ETCD_CAFILE', location: { line: 2 } },
    ]);
  });

  test('by its unit', async () => {
    const [client] = await clients({
      'flanneld.service':
        '[Service]\nExecStart=/opt/bin/flanneld --etcd-endpoints=https://a:2379 -etcd-certfile=/c.pem -etcd-keyfile=/k.pem\n',
    });

    expect(client).toMatchObject({ kind: 'flanneld', certFile: { value: '/c.pem' } });
  });
});

test('kube-apiserver by the fragment of the seed', async () => {
  const [client, ...others] = await clients({
    'kube-apiserver.yaml': [
      '        - --etcd-servers=https://192.168.56.102:2379',
      '        - --etcd-cafile=/etc/ssl/certs/etcd/ca_cert.pem',
      '        - --etcd-certfile=/etc/ssl/certs/etcd/client_cert.pem',
      '        - --etcd-keyfile=/etc/ssl/certs/etcd/client_key_insecure.pem',
    ].join('\n'),
  });

  expect(others).toEqual([]);
  expect(client).toMatchObject({
    kind: 'kube-apiserver',
    endpoints: {
      value: ['https://192.168.56.102:2379'],
      origin: { location: { file: 'kube-apiserver.yaml', line: 1 } },
    },
    caFile: { value: '/etc/ssl/certs/etcd/ca_cert.pem' },
    certFile: { value: '/etc/ssl/certs/etcd/client_cert.pem' },
    keyFile: { value: '/etc/ssl/certs/etcd/client_key_insecure.pem' },
  });
});

/** As each release since 3.4 reads them. */
async function clients(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const drafts = await readSettings(files, { find: () => undefined });
  return drafts.clients.filter(({ lifetime }) => lifetime === undefined || 'since' in lifetime);
}
