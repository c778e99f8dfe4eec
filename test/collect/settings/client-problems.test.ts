import { expect, test } from 'vitest';
import { dials, unit, read } from './support/client-texts.ts';

test.each([
  {
    of: 'a CA under the key that etcd’s client never uses',
    file: 'etcd.config',
    text: 'endpoints: [https://a:2379]\nca-file: /ca.crt\n',
    problem: { kind: 'without-effect', name: 'ca-file' },
  },
  {
    of: 'a certificate without its key',
    file: 'etcd.config',
    text: 'endpoints: [https://a:2379]\ncert-file: /c.crt\n',
    problem: { kind: 'without-effect', name: 'cert-file' },
  },
  {
    of: 'files of a ring that does not encrypt',
    file: 'mimir.yaml',
    text: 'ring:\n  kvstore:\n    store: etcd\n    etcd: {endpoints: [a:2379], tls_ca_path: /ca.crt}\n',
    problem: { kind: 'without-effect', name: 'tls_ca_path' },
  },
  {
    of: 'a key without its certificate',
    file: 'calico.env',
    text: 'ETCD_ENDPOINTS=https://a:2379\nETCD_KEY_FILE=/c.key\n',
    problem: { kind: 'without-effect', name: 'ETCD_KEY_FILE' },
  },
])('tells $of', async ({ file, text, problem }) => {
  const { clients } = await read(file, text);

  expect(clients[0]?.certFile).toBeUndefined();
  expect(clients[0]?.problems).toContainEqual(expect.objectContaining(problem));
});

test('takes none for nothing where Felix does', async () => {
  const { clients } = await read(
    'felix.env',
    'FELIX_ETCDENDPOINTS=https://a:2379\nFELIX_ETCDCAFILE=none\n',
  );

  expect(clients).toHaveLength(1);
  expect(clients[0]).not.toHaveProperty('caFile');
});

test('gathers what kube-apiserver is given in several flags', async () => {
  const { clients } = await read(
    'kube-apiserver.service',
    unit('/usr/bin/kube-apiserver', [
      '--etcd-servers=https://a:2379',
      '--etcd-servers=https://b:2379,https://c:2379',
      '--etcd-servers-overrides=/events#https://d:2379;https://e:2379',
      '--etcd-servers-overrides=/leases#https://f:2379',
    ]),
  );

  expect(clients).toMatchObject([
    dials('https://a:2379', 'https://b:2379', 'https://c:2379'),
    { name: 'kube-apiserver /events', ...dials('https://d:2379', 'https://e:2379') },
    { name: 'kube-apiserver /leases', ...dials('https://f:2379') },
  ]);
});

test.each([
  { file: 'patroni.yml', text: 'scope: pg\netcd3:\n  host: a:2379\n  protocol: https\n' },
  { file: 'patroni.env', text: 'PATRONI_ETCD3_HOSTS=a:2379\nPATRONI_ETCD3_PROTOCOL=https\n' },
])('lets Patroni verify etcd though no CA file is set in $file', async ({ file, text }) => {
  const { clients } = await read(file, text);

  expect(clients.map(({ insecureSkipVerify }) => insecureSkipVerify)).toEqual([undefined]);
});

test('takes PEM out of calicoctl’s file', async () => {
  const { clients } = await read(
    'calicoctl.cfg',
    'kind: CalicoAPIConfig\nspec:\n  etcdEndpoints: https://a:2379\n  etcdCACert: |\n    -----BEGIN CERTIFICATE-----\n',
  );

  expect(clients[0]).toMatchObject({
    caFile: { value: 'calicoctl.cfg#etcdCACert', origin: { location: { line: 4 } } },
    embedded: [{ path: 'calicoctl.cfg#etcdCACert', text: '-----BEGIN CERTIFICATE-----\n' }],
  });
});

test.each([
  { of: 'k3s on another database', text: 'K3S_DATASTORE_ENDPOINT=mysql://a@tcp(b:3306)/c\n' },
  { of: 'a k3s file on another database', text: 'datastore-endpoint: "postgres://a"\n' },
  { of: 'endpoints of something else', text: 'endpoints: [https://a:8443]\nname: x\n' },
])('finds no client in $of', async ({ text }) => {
  expect(await read('some.yaml', text)).toEqual({
    members: [],
    clients: [],
    notUnderstood: [],
    embedded: [],
  });
});

test('says that variables of no known program were not understood', async () => {
  const { clients, notUnderstood } = await read('app.env', '\nETCD_ENDPOINTS=https://a:2379\n');

  expect(clients).toEqual([]);
  expect(notUnderstood).toMatchObject([{ path: 'app.env', line: 2 }]);
});

test('tells a client’s file that is no YAML', async () => {
  const { notUnderstood } = await read('patroni.yml', 'etcd3:\n  hosts: [\n');

  expect(notUnderstood).toMatchObject([{ path: 'patroni.yml', malformed: true }]);
});
