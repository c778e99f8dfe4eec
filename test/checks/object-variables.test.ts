import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged } from '../support/containers.ts';

const variables = flags('10.0.0.1')
  .map((flag) => flag.replaceAll('/pki/', '/etc/pki/').split(/=(.*)/s))
  .map(([name = '', value = 'true']) => [
    `ETCD_${name.slice(2).toUpperCase().replaceAll('-', '_')}`,
    value,
  ]);

type Section = 'data' | 'stringData';

function object(kind: 'ConfigMap' | 'Secret', section: Section, entries = variables): string {
  const isPacked = kind === 'Secret' && section === 'data';
  const lines = entries.map(([name, value = '']) => {
    const written = isPacked ? Buffer.from(value).toString('base64') : value;
    return `  ${name}: ${JSON.stringify(written)}`;
  });
  return [
    'apiVersion: v1',
    `kind: ${kind}`,
    'metadata: {name: etcd-env}',
    `${section}:`,
    ...lines,
  ].join('\n');
}

const pod = (reference: string) => `apiVersion: v1
kind: Pod
metadata: {name: etcd-0}
spec:
  containers:
  - name: etcd
    image: quay.io/coreos/etcd:v3.5.30
    command: [etcd]
    envFrom: [{${reference}: {name: etcd-env}}]
    volumeMounts: [{name: pki, mountPath: /etc/pki}, {name: data, mountPath: /var/lib/etcd}]
  volumes: [{name: pki, hostPath: {path: /etc/pki}}, {name: data, hostPath: {path: /var/lib/etcd}}]
`;

const open = variables.filter(([name]) => !/^ETCD_(?:CLIENT_CERT_AUTH|TRUSTED_CA)/.test(`${name}`));
const passes = { status: 'pass', found: [], open: [] };

describe.each([
  ['ConfigMap', 'data', 'configMapRef'],
  ['Secret', 'stringData', 'secretRef'],
  ['Secret', 'data', 'secretRef'],
] as const)('variables in %s.%s', (kind, section, reference) => {
  test('alone are the settings of a member', async () => {
    expect(await judged({ ...files, 'env.yaml': object(kind, section) })).toEqual(passes);
    expect((await judged({ ...files, 'env.yaml': object(kind, section, open) })).status).toBe(
      'fail',
    );
  });

  test('are those of a pod in another file that takes them', async () => {
    const given = { ...files, 'pod.yaml': pod(reference) };

    expect(await judged({ ...given, 'env.yaml': object(kind, section) })).toEqual(passes);
    expect((await judged({ ...given, 'env.yaml': object(kind, section, open) })).status).toBe(
      'fail',
    );
  });

  test('next to an etcd that does not take them are an open question', async () => {
    const {
      status,
      found,
      open: unread,
    } = await judged({
      ...compose(''),
      'env.yaml': object(kind, section, open),
    });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(unread).toEqual([
      '5 docker-compose.yml starts etcd without it, and no other process that was given reads it',
    ]);
  });

  test('of a client alone are an open question, and accounts are none', async () => {
    const client = [['ETCDCTL_ENDPOINTS', 'https://10.0.0.1:2379']];
    const account = [
      ['ETCDCTL_USER', 'root:secret'],
      ['ETCD_ROOT_PASSWORD', 'secret'],
    ];
    const unread = await judged({ ...compose(''), 'env.yaml': object(kind, section, client) });

    expect(unread).toEqual({
      status: 'incomplete',
      found: [],
      open: [`5 no container of the files given takes ETCDCTL_ENDPOINTS of the ${kind} etcd-env`],
    });
    expect(await judged({ ...compose(''), 'env.yaml': object(kind, section, account) })).toEqual(
      passes,
    );
  });
});

test('a file in a Secret is read as one in a ConfigMap is', async () => {
  const text = (entries: typeof variables) =>
    entries.map(([name, value]) => `${name}=${value}\n`).join('');
  const secret = (entries: typeof variables) => ({
    ...files,
    'env.yaml': object('Secret', 'data', [['etcd.env', text(entries)]]),
  });

  expect(await judged(secret(variables))).toEqual(passes);
  expect((await judged(secret(open))).found).toEqual([
    expect.stringContaining('client-port-admits-anonymous'),
  ]);
});
