import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { run } from '../../testcluster/run.ts';

const sets = { seed: '', fixed: '' };

beforeAll(async () => {
  for (const settings of ['seed', 'fixed'] as const) {
    sets[settings] = await mkdtemp(join(tmpdir(), 'cert-set-'));
    await writeCertSet(sets[settings], { settings });
  }
});

afterAll(async () => {
  await Promise.all(Object.values(sets).map((set) => rm(set, { recursive: true })));
});

async function certificate(settings: 'seed' | 'fixed', name: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(join(sets[settings], 'certs', name)));
}

async function readSeed(name: string): Promise<string> {
  return readFile(join(sets.seed, name), 'utf8');
}

describe('the set of the document', () => {
  test('has exactly the files of its table', async () => {
    expect((await readdir(join(sets.seed, 'certs'))).toSorted()).toEqual([
      'ca_cert.pem',
      'client_cert.pem',
      'client_key_insecure.pem',
      'node_1_cert.pem',
      'node_1_key_insecure.pem',
      'node_2_cert.pem',
      'node_2_key_insecure.pem',
      'node_3_cert.pem',
      'node_3_key_insecure.pem',
    ]);
  });

  test.each([
    ['node_1_cert.pem', 'prod00kube01', 'IP Address:10.104.100.236, IP Address:37.58.99.228'],
    ['node_2_cert.pem', 'prod00kube02', 'IP Address:10.104.100.245, IP Address:37.58.99.235'],
    ['node_3_cert.pem', 'prod00kube03', 'IP Address:10.104.100.239, IP Address:37.58.99.238'],
  ])('%s names %s in its subject and two addresses', async (file, host, names) => {
    const { subject, subjectAltName } = await certificate('seed', file);

    expect(subject).toBe(`CN=${host}.ams01.service.moovel.ibm.com`);
    expect(subjectAltName).toBe(names);
  });

  test('gives the client no names', async () => {
    expect((await certificate('seed', 'client_cert.pem')).subjectAltName).toBeUndefined();
  });

  test('lets only the owner read a key', async () => {
    const { mode } = await stat(join(sets.seed, 'certs', 'node_1_key_insecure.pem'));

    expect(mode & 0o777).toBe(0o600);
  });

  test('sets what the drop-in of the document sets, and no client authentication', async () => {
    const dropIn = await readFile(join(sets.seed, 'node2', '10-etcd-member.conf'), 'utf8');

    expect(dropIn).toContain('Environment="ETCD_CERT_FILE=/etc/ssl/certs/etcd/node_2_cert.pem"\n');
    expect(dropIn).toContain('Environment="ETCD_PEER_CLIENT_CERT_AUTH=true"\n');
    expect(dropIn).not.toMatch(/"ETCD_(TRUSTED_CA_FILE|CLIENT_CERT_AUTH)=/);
  });

  test('tells the clients what the document tells them', async () => {
    expect(await readSeed('etcd-env.sh')).toContain(
      'export ETCDCTL_ENDPOINTS=https://etcd-0.robobee.test:2379\n',
    );
    expect(await readSeed('kube-apiserver.yaml')).toContain(
      '--etcd-servers=https://192.168.56.102:2379',
    );
    expect(await readSeed('flanneld.txt')).toContain('--etcd-cafile="":');
  });
});

describe('the fixed set', () => {
  test('has an authority and certificates of their own for peers', async () => {
    const [peer, authority] = await Promise.all([
      certificate('fixed', 'node_1_peer_cert.pem'),
      certificate('fixed', 'peer_ca_cert.pem'),
    ]);

    expect(peer.verify(authority.publicKey)).toBe(true);
  });

  test('covers loopback and the host name', async () => {
    const node = await certificate('fixed', 'node_1_cert.pem');

    expect(node.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(node.checkHost('localhost')).toBe('localhost');
    expect(node.checkHost('prod00kube01.ams01.service.moovel.ibm.com')).toBeDefined();
  });

  test('demands certificates of clients, who dial every member', async () => {
    const dropIn = await readFile(join(sets.fixed, 'node1', '10-etcd-member.conf'), 'utf8');
    const script = await readFile(join(sets.fixed, 'etcd-env.sh'), 'utf8');

    expect(dropIn).toContain('"ETCD_TRUSTED_CA_FILE=/etc/ssl/certs/etcd/ca_cert.pem"');
    expect(dropIn).toContain('"ETCD_CLIENT_CERT_AUTH=true"');
    expect(script.match(/https:\/\/10\.104\.100\.2\d\d:2379/g)).toHaveLength(3);
  });
});

test('the command that the README gives writes a set, and never over what is there', async () => {
  const directory = join(await mkdtemp(join(tmpdir(), 'cert-set-')), 'seed');
  const write = async () =>
    run('npx', ['tsx', 'testcluster/main.ts', 'write', 'seed', directory], {});

  expect(await write()).toMatchObject({ code: 0 });
  expect(await readdir(directory)).toContain('etcd-env.sh');
  const before = await readFile(join(directory, 'certs/ca_cert.pem'), 'utf8');
  const again = await write();
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('EEXIST')]);
  expect(await readFile(join(directory, 'certs/ca_cert.pem'), 'utf8')).toBe(before);
  await rm(directory, { recursive: true });
});
