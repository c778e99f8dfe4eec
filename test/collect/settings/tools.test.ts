import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { readStatedValues } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { members, clients, notUnderstood } = await readSettings(files, {
    find: (deployed) =>
      files.find(({ path }) => path === deployed.replace(/^\//, '') || deployed === path),
    paths: files.map(({ path }) => path),
  });
  const [member] = members;
  const all = member?.sources ?? [];
  const stated = readStatedValues(all, etcdVersion('3.5.21'));
  const supposed = all.flatMap((source) => (source.kind === 'assumed' ? source.settings : []));
  const valueOf = (name: string) =>
    stated.get(name)?.value ?? supposed.find((each) => each.name === name)?.value;
  return { members, clients, notUnderstood, valueOf };
}

describe.each(['k3s', 'rke2'])('config.yaml of %s with its drop-ins', (tool) => {
  const main = `etc/rancher/${tool}/config.yaml`;
  const server = 'cluster-init: true\nnode-name: n1\nnode-ip: 10.0.0.1\n';

  test('`data-dir` in a drop-in changes every path', async () => {
    const { valueOf, members } = await read({
      [main]: server,
      [`${main}.d/10-data.yaml`]: 'data-dir: /opt/data\n',
    });

    expect(valueOf('cert-file')).toBe('/opt/data/server/tls/etcd/server-client.crt');
    expect(members).toMatchObject([{ name: 'n1', files: [main, `${main}.d/10-data.yaml`] }]);
  });

  test('`datastore-endpoint` in a drop-in: its etcd is another one', async () => {
    const { members, clients, notUnderstood } = await read({
      [main]: server,
      [`${main}.d/10-store.yaml`]:
        'datastore-endpoint: https://10.9.9.9:2379,https://10.9.9.8:2379\n',
      [`${main}.d/20-store.yml`]: 'datastore-cafile: /etc/store/ca.crt\n',
    });

    expect(members).toEqual([]);
    expect(clients).toMatchObject([
      {
        kind: tool,
        endpoints: { value: ['https://10.9.9.9:2379', 'https://10.9.9.8:2379'] },
        caFile: { value: '/etc/store/ca.crt' },
      },
    ]);
    expect(notUnderstood).toEqual([]);
  });

  test('a database in a drop-in: there is no etcd', async () => {
    const drop = { [`${main}.d/10.yaml`]: 'datastore-endpoint: postgres://10.9.9.9/k3s\n' };

    expect(await read({ [main]: server, ...drop })).toMatchObject({ members: [], clients: [] });
  });

  test('a drop-in without a key of etcd changes nothing, and is understood', async () => {
    const drop = { [`${main}.d/10.yaml`]: 'tls-san+:\n  - etcd.example.com\n' };
    const { members, notUnderstood } = await read({ [main]: server, ...drop });

    expect(members).toMatchObject([{ name: 'n1' }]);
    expect(notUnderstood).toEqual([]);
  });

  test('the server may be described in drop-ins alone', async () => {
    const { members, valueOf } = await read({
      [main]: 'token: t\ndata-dir: /opt/data\n',
      [`${main}.d/10.yaml`]: 'node-name: n1\n',
      [`${main}.d/20.yaml`]: 'cluster-init: true\nnode-ip: 10.0.0.1\n',
    });

    expect(members).toMatchObject([{ name: 'n1' }]);
    expect(valueOf('data-dir')).toBe('/opt/data/server/db/etcd');
  });

  test('later files replace, and a key with `+` adds', async () => {
    const { valueOf } = await read({
      [main]: `${server}etcd-arg:\n  - quota-backend-bytes=1\n`,
      [`${main}.d/10.yaml`]: 'etcd-arg:\n  - heartbeat-interval=100\n',
      [`${main}.d/20.yaml`]: 'etcd-arg+:\n  - snapshot-count=7\n',
    });

    expect(valueOf('quota-backend-bytes')).toBeUndefined();
    expect(valueOf('heartbeat-interval')).toBe('100');
    expect(valueOf('snapshot-count')).toBe('7');
  });
});

const kubeadm = (lines: string) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  local:
${lines}`;

test.each([
  { what: 'value alone', lines: '    extraArgs:\n    - value: "false"\n' },
  { what: 'flag', lines: '    extraArgs:\n    - --client-cert-auth=false\n' },
  { what: 'variable', lines: '    extraEnvs:\n    - value: "false"\n' },
  {
    what: 'variable from elsewhere',
    lines: '    extraEnvs:\n    - name: ETCD_X\n      valueFrom: {}\n',
  },
])('an entry of kubeadm without a name ($what) is not understood', async ({ lines }) => {
  const { members, notUnderstood } = await read({ 'kubeadm.yaml': kubeadm(lines) });
  const words = members[0]?.sources.flatMap((each) =>
    each.kind === 'flags' ? each.arguments : [],
  );

  expect(words?.filter(({ text }) => text.startsWith('--='))).toEqual([]);
  expect(notUnderstood).toMatchObject([{ path: 'kubeadm.yaml', line: 6 }]);
});

test('a tool’s configuration is not said to be all settings of etcd', async () => {
  await using set = await directoryWith({
    'kubeadm.yaml': kubeadm('    dataDir: /var/lib/etcd\n'),
  });
  const { verdict, facts } = await audit({ paths: [set.path], maps: [] });

  expect(facts.members).toHaveLength(1);
  expect(verdict.sentence).not.toContain('read as complete settings');
});

const machine = (name: string, pem: string) => `machine:
  type: controlplane
  network:
    hostname: ${name}
cluster:
  etcd:
    ca:
      crt: ${Buffer.from(pem).toString('base64')}
`;

const authorities = async (files: Readonly<Record<string, string>>) => {
  await using set = await directoryWith(files);
  const { facts } = await audit({ paths: [set.path], maps: [] });
  return (facts.members ?? []).map(({ files: found }) =>
    found
      .find(({ deployed }) => deployed.endsWith('/ca.crt'))
      ?.file?.replace(`${set.path}/`, '')
      .replace(/#.*/, ''),
  );
};

test('a CA that several configurations of Talos hold is given', async () => {
  const { certificatePem } = await issueAuthority({ commonName: 'etcd' });
  const other = await issueAuthority({ commonName: 'other' });
  expect(
    await authorities({
      'a.yaml': machine('a', certificatePem),
      'b.yaml': machine('b', other.certificatePem),
    }),
  ).toEqual(['a.yaml', 'b.yaml']);
  expect(
    await authorities({
      'a.yaml': machine('a', certificatePem),
      'pki/ca.crt': certificatePem,
      'old/ca.crt': certificatePem,
    }),
  ).toEqual([expect.stringMatching(/^(?:a\.yaml|pki\/ca\.crt|old\/ca\.crt)$/)]);
});
