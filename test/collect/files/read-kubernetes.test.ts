import { stringify } from 'yaml';
import { beforeAll, expect, test } from 'vitest';
import { deploy } from '../../support/deploy.ts';
import { mayHoldSecrets, readKubernetes } from '../../../src/collect/files/read-kubernetes.ts';
import { directoryWith } from '../../support/directory.ts';
import { type Issued, issueAuthority } from '../../support/pki.ts';

let authority: Issued;
let server: Issued;

beforeAll(async () => {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  authority = ca;
  server = await ca.issue({
    commonName: 'etcd-0',
    hosts: ['10.0.0.1', 'etcd-0.etcd'],
    usages: ['serverAuth', 'clientAuth'],
  });
});

test.each(['json', 'yaml'])(
  'finds certificates and keys in Secrets and ConfigMaps as %s',
  async (format) => {
    const list = { apiVersion: 'v1', kind: 'List', items: [secret(), configMap()] };
    const text = format === 'json' ? JSON.stringify(list, undefined, 4) : stringify(list);

    const { holders } = await readKubernetes({ path: 'dump', text });
    const contents = holders.flatMap(({ files }) => files);

    expect(mayHoldSecrets({ path: 'dump', text })).toBe(true);
    expect(contents.map(({ path }) => path)).toEqual([
      'secret/etcd/etcd-server/ca.crt',
      'secret/etcd/etcd-server/tls.crt',
      'secret/etcd/etcd-server/tls.key',
      'configmap/default/etcd-ca/bundle',
    ]);
    expect(Buffer.from(contents[1]?.bytes ?? []).toString()).toBe(server.certificatePem);
  },
);

async function holdersWith(metadata: object) {
  const text = JSON.stringify({ kind: 'Secret', metadata, data: { 'ca.crt': '' } });
  return (await readKubernetes({ path: 'dump', text })).holders;
}

test('an empty ca.crt in a cluster is a file too: cert-manager leaves such ones', async () => {
  expect(await holdersWith({ name: 's', uid: 'u' })).toMatchObject([
    { files: [{ path: 'secret/default/s/ca.crt' }], isWhole: true },
  ]);
  expect(await holdersWith({ name: 's' })).toMatchObject([{ files: [], isWhole: false }]);
});

test('members are found in Secrets as in files', async () => {
  await using set = await directoryWith({ 'secrets.json': JSON.stringify(secret()) });

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.files?.map(({ path }) => path)).toHaveLength(3);
  expect(facts.members).toMatchObject([
    {
      addresses: ['10.0.0.1'],
      hostnames: ['etcd-0.etcd'],
      settings: { client: { certFile: { value: 'secret/etcd/etcd-server/tls.crt' } } },
    },
  ]);
});

test('a Deployment holds no Secrets', () => {
  const text = 'apiVersion: apps/v1\nkind: Deployment\n';

  expect(mayHoldSecrets({ path: 'a.yaml', text })).toBe(false);
});

function secret() {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'kubernetes.io/tls',
    metadata: { name: 'etcd-server', namespace: 'etcd' },
    data: {
      'ca.crt': base64(authority.certificatePem),
      'tls.crt': base64(server.certificatePem),
      'tls.key': base64(server.privateKeyPem),
      password: base64('secret'),
    },
  };
}

function configMap() {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'etcd-ca' },
    data: { bundle: authority.certificatePem, note: 'hello' },
  };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
