import { findLayouts } from '../../../src/deployment/roles/find-layouts.ts';
import { beforeAll, expect, test } from 'vitest';
import { deploy } from '../../support/deploy.ts';
import { layouts } from '../../../src/deployment/roles/layouts.ts';
import { directoryWith } from '../../support/directory.ts';
import { type Authority, type Issued, issueAuthority } from '../../support/pki.ts';

/** What stands in a file: whose certificate or key, and of which kind. */
type Content =
  | 'ca'
  | 'peer-ca'
  | 'other-ca'
  | `${'server' | 'peer' | 'client' | 'admin' | 'other'}${'' | ' key'}`;

interface Fixture {
  readonly layout: string;
  readonly files: Readonly<Record<string, Content>>;
  readonly members: readonly {
    readonly server: string;
    readonly peer: string;
    readonly ca: string;
    readonly peerCa?: string;
  }[];
  readonly clients?: readonly string[];
}

const fixtures: readonly Fixture[] = [
  {
    layout: 'kubeadm',
    files: {
      'pki/etcd/ca.crt': 'ca',
      ...pair('pki/etcd/server', 'server'),
      ...pair('pki/etcd/peer', 'peer'),
      ...pair('pki/etcd/healthcheck-client', 'admin'),
      ...pair('pki/apiserver-etcd-client', 'client'),
      'pki/ca.crt': 'other-ca',
      ...pair('pki/apiserver', 'other'),
      ...pair('pki/apiserver-kubelet-client', 'other'),
    },
    members: [{ server: 'pki/etcd/server.crt', peer: 'pki/etcd/peer.crt', ca: 'pki/etcd/ca.crt' }],
    clients: ['pki/apiserver-etcd-client.crt', 'pki/etcd/healthcheck-client.crt'],
  },
  ...['k3s', 'RKE2'].map((layout): Fixture => {
    const root = `${layout.toLowerCase()}/server/tls/etcd`;
    return {
      layout,
      files: {
        [`${root}/server-ca.crt`]: 'ca',
        [`${root}/peer-ca.crt`]: 'peer-ca',
        ...pair(`${root}/server-client`, 'server'),
        ...pair(`${root}/peer-server-client`, 'peer'),
        ...pair(`${root}/client`, 'client'),
      },
      members: [
        {
          server: `${root}/server-client.crt`,
          peer: `${root}/peer-server-client.crt`,
          ca: `${root}/server-ca.crt`,
          peerCa: `${root}/peer-ca.crt`,
        },
      ],
      clients: [`${root}/client.crt`],
    };
  }),
  {
    layout: 'kubespray',
    files: {
      'ssl/ca.pem': 'ca',
      'ssl/member-node1.pem': 'server',
      'ssl/member-node1-key.pem': 'server key',
      'ssl/admin-node1.pem': 'server',
      'ssl/admin-node1-key.pem': 'server key',
      'ssl/node-node1.pem': 'client',
      'ssl/node-node1-key.pem': 'client key',
    },
    members: [{ server: 'ssl/member-node1.pem', peer: 'ssl/member-node1.pem', ca: 'ssl/ca.pem' }],
    clients: ['ssl/admin-node1.pem', 'ssl/node-node1.pem'],
  },
  {
    layout: 'RKE1',
    files: {
      'kube-ca.pem': 'ca',
      'kube-etcd-10-0-0-1.pem': 'server',
      'kube-etcd-10-0-0-1-key.pem': 'server key',
      'kube-node.pem': 'client',
      'kube-node-key.pem': 'client key',
      'kube-apiserver.pem': 'peer',
    },
    members: [
      { server: 'kube-etcd-10-0-0-1.pem', peer: 'kube-etcd-10-0-0-1.pem', ca: 'kube-ca.pem' },
    ],
    clients: ['kube-node.pem'],
  },
  {
    layout: 'Talos',
    files: {
      'etcd/ca.crt': 'ca',
      ...pair('etcd/server', 'server'),
      ...pair('etcd/peer', 'peer'),
      ...pair('etcd/admin', 'client'),
    },
    members: [{ server: 'etcd/server.crt', peer: 'etcd/peer.crt', ca: 'etcd/ca.crt' }],
    clients: ['etcd/admin.crt'],
  },
  {
    layout: 'k0s',
    files: {
      'pki/etcd/ca.crt': 'ca',
      ...pair('pki/etcd/server', 'server'),
      ...pair('pki/etcd/peer', 'peer'),
      ...pair('pki/apiserver-etcd-client', 'client'),
      ...pair('pki/server', 'other'),
    },
    members: [{ server: 'pki/etcd/server.crt', peer: 'pki/etcd/peer.crt', ca: 'pki/etcd/ca.crt' }],
    clients: ['pki/apiserver-etcd-client.crt'],
  },
  {
    layout: 'etcdadm',
    files: {
      'pki/ca.crt': 'ca',
      ...pair('pki/server', 'server'),
      ...pair('pki/peer', 'peer'),
      ...pair('pki/etcdctl-etcd-client', 'client'),
    },
    members: [{ server: 'pki/server.crt', peer: 'pki/peer.crt', ca: 'pki/ca.crt' }],
    clients: ['pki/etcdctl-etcd-client.crt'],
  },
  {
    layout: 'OpenShift',
    files: {
      'certs/secrets/etcd-all-certs/etcd-serving-master0.crt': 'server',
      'certs/secrets/etcd-all-certs/etcd-serving-master0.key': 'server key',
      'certs/secrets/etcd-all-certs/etcd-peer-master0.crt': 'peer',
      'certs/secrets/etcd-all-certs/etcd-peer-master0.key': 'peer key',
      'certs/configmaps/etcd-all-bundles/server-ca-bundle.crt': 'ca',
    },
    members: [
      {
        server: 'certs/secrets/etcd-all-certs/etcd-serving-master0.crt',
        peer: 'certs/secrets/etcd-all-certs/etcd-peer-master0.crt',
        ca: 'certs/configmaps/etcd-all-bundles/server-ca-bundle.crt',
      },
    ],
  },
  {
    layout: 'OpenShift, as Secrets',
    files: {
      'openshift-etcd/etcd-serving-master0/tls.crt': 'server',
      'openshift-etcd/etcd-serving-master0/tls.key': 'server key',
      'openshift-etcd/etcd-peer-master0/tls.crt': 'peer',
      'openshift-etcd/etcd-peer-master0/tls.key': 'peer key',
      'openshift-etcd/etcd-client/tls.crt': 'client',
      'openshift-etcd/etcd-client/tls.key': 'client key',
      'openshift-etcd/etcd-ca-bundle/ca-bundle.crt': 'ca',
    },
    members: [
      {
        server: 'openshift-etcd/etcd-serving-master0/tls.crt',
        peer: 'openshift-etcd/etcd-peer-master0/tls.crt',
        ca: 'openshift-etcd/etcd-ca-bundle/ca-bundle.crt',
      },
    ],
    clients: ['openshift-etcd/etcd-client/tls.crt'],
  },
  {
    layout: 'kOps',
    files: {
      'clients/ca.crt': 'ca',
      ...pair('clients/server', 'server'),
      'peers/ca.crt': 'peer-ca',
      ...pair('peers/me', 'peer'),
    },
    members: [
      {
        server: 'clients/server.crt',
        peer: 'peers/me.crt',
        ca: 'clients/ca.crt',
        peerCa: 'peers/ca.crt',
      },
    ],
  },
  {
    layout: 'kOps, the CAs of etcd-manager',
    files: {
      'etcd-manager-ca.crt': 'other-ca',
      'etcd-peers-ca.crt': 'peer-ca',
      'etcd-clients-ca.crt': 'ca',
    },
    members: [],
  },
  {
    layout: 'aenix etcd-operator',
    files: {
      ...pair('pki/server/cert/tls', 'server'),
      ...pair('pki/peer/cert/tls', 'peer'),
      'pki/peer/ca/ca.crt': 'peer-ca',
      'pki/client/ca/ca.crt': 'ca',
    },
    members: [
      {
        server: 'pki/server/cert/tls.crt',
        peer: 'pki/peer/cert/tls.crt',
        ca: 'pki/client/ca/ca.crt',
        peerCa: 'pki/peer/ca/ca.crt',
      },
    ],
  },
  {
    layout: 'gardener etcd-druid',
    files: {
      'ssl/ca/bundle.crt': 'ca',
      ...pair('ssl/server/tls', 'server'),
      ...pair('ssl/client/tls', 'client'),
      'ssl/peer/ca/bundle.crt': 'peer-ca',
      ...pair('ssl/peer/server/tls', 'peer'),
    },
    members: [
      {
        server: 'ssl/server/tls.crt',
        peer: 'ssl/peer/server/tls.crt',
        ca: 'ssl/ca/bundle.crt',
        peerCa: 'ssl/peer/ca/bundle.crt',
      },
    ],
    clients: ['ssl/client/tls.crt'],
  },
  {
    layout: 'bitnami chart',
    files: {
      'certs/client/ca.crt': 'ca',
      'certs/client/cert.pem': 'server',
      'certs/client/key.pem': 'server key',
      'certs/peer/ca.crt': 'peer-ca',
      'certs/peer/cert.pem': 'peer',
      'certs/peer/key.pem': 'peer key',
    },
    members: [
      {
        server: 'certs/client/cert.pem',
        peer: 'certs/peer/cert.pem',
        ca: 'certs/client/ca.crt',
        peerCa: 'certs/peer/ca.crt',
      },
    ],
  },
  {
    layout: 'etcd-io etcd-operator',
    files: {
      'default/db-server-tls/tls.crt': 'server',
      'default/db-server-tls/tls.key': 'server key',
      'default/db-server-tls/ca.crt': 'ca',
      'default/db-peer-tls/tls.crt': 'peer',
      'default/db-peer-tls/tls.key': 'peer key',
      'default/db-peer-tls/ca.crt': 'peer-ca',
      'default/db-client-tls/tls.crt': 'client',
      'default/db-client-tls/tls.key': 'client key',
    },
    members: [
      {
        server: 'default/db-server-tls/tls.crt',
        peer: 'default/db-peer-tls/tls.crt',
        ca: 'default/db-server-tls/ca.crt',
        peerCa: 'default/db-peer-tls/ca.crt',
      },
    ],
    clients: ['default/db-client-tls/tls.crt'],
  },
  {
    layout: 'kamaji-etcd',
    files: {
      'pki/ca.crt': 'ca',
      'pki/server.pem': 'server',
      'pki/server-key.pem': 'server key',
      'pki/peer.pem': 'peer',
      'pki/peer-key.pem': 'peer key',
    },
    members: [{ server: 'pki/server.pem', peer: 'pki/peer.pem', ca: 'pki/ca.crt' }],
  },
  {
    layout: 'TKGI',
    files: { 'etcd-ca.crt': 'ca', ...pair('etcd', 'server'), ...pair('peer', 'peer') },
    members: [{ server: 'etcd.crt', peer: 'peer.crt', ca: 'etcd-ca.crt' }],
  },
  { layout: 'MicroK8s', files: pair('cluster', 'server'), members: [] },
  {
    layout: 'etcd documentation (cfssl)',
    files: {
      'ca.pem': 'ca',
      'server.pem': 'server',
      'server-key.pem': 'server key',
      'member1.pem': 'peer',
      'member1-key.pem': 'peer key',
      'client.pem': 'client',
      'client-key.pem': 'client key',
    },
    members: [
      { server: 'member1.pem', peer: 'member1.pem', ca: 'ca.pem' },
      { server: 'server.pem', peer: 'server.pem', ca: 'ca.pem' },
    ],
    clients: ['client.pem'],
  },
  {
    layout: 'Kubernetes TLS Secret',
    files: { 'etcd/ca.crt': 'ca', ...pair('etcd/tls', 'server') },
    members: [{ server: 'etcd/tls.crt', peer: 'etcd/tls.crt', ca: 'etcd/ca.crt' }],
  },
];

let contents: Readonly<Record<string, string>>;

beforeAll(async () => {
  const etcd = await issueAuthority({ commonName: 'etcd-ca' });
  const peers = await issueAuthority({ commonName: 'etcd-peer-ca' });
  const other = await issueAuthority({ commonName: 'kubernetes' });
  const usages = ['serverAuth', 'clientAuth'] as const;
  const hosts = ['localhost', 'node-a', '127.0.0.1', '10.0.0.1'];
  const issued = {
    server: await etcd.issue({ commonName: 'node-a', hosts, usages }),
    client: await etcd.issue({ commonName: 'client', usages: ['clientAuth'] }),
    admin: await etcd.issue({ commonName: 'admin', usages: ['clientAuth'] }),
    other: await other.issue({
      commonName: 'kube-apiserver',
      hosts: ['10.96.0.1'],
      usages: ['serverAuth'],
    }),
  };
  const peerOf = async (authority: Authority): Promise<Issued> =>
    await authority.issue({ commonName: 'node-a', hosts, usages });
  const [own, foreign] = [await peerOf(etcd), await peerOf(peers)];
  contents = {
    ca: etcd.certificatePem,
    'peer-ca': peers.certificatePem,
    'other-ca': other.certificatePem,
    ...texts('server', issued.server),
    ...texts('client', issued.client),
    ...texts('admin', issued.admin),
    ...texts('other', issued.other),
    ...texts('peer', own),
    ...texts('peer by another CA', foreign),
  };
});

test.each(fixtures)('recognises $layout', async ({ layout, files, members, clients = [] }) => {
  const hasPeerCa = Object.values(files).includes('peer-ca');
  await using set = await directoryWith(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, textOf(content, hasPeerCa)]),
    ),
  );

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.guesses?.map(({ conclusion }) => conclusion)).toContain(`files of ${layout}`);
  expect(
    (facts.members ?? []).map(({ settings: { client, peer } }) => ({
      server: client.certFile?.value,
      peer: peer.certFile?.value,
      ca: client.trustedCaFile?.value,
      peerCa: peer.trustedCaFile?.value,
    })),
  ).toEqual(
    members.map(({ server, peer, ca, peerCa = ca }) => ({
      server: set.at(server),
      peer: set.at(peer),
      ca: set.at(ca),
      peerCa: set.at(peerCa),
    })),
  );
  expect(facts.clients?.map(({ certFile }) => certFile?.value)).toEqual(
    clients.map((name) => set.at(name)),
  );
});

test('every layout but that of a data directory has a fixture', () => {
  const tested = new Set([...fixtures.map(({ layout }) => layout), 'etcd --auto-tls']);

  expect(layouts.map(({ name }) => name).filter((name) => !tested.has(name))).toEqual([]);
});

test('what etcd made for itself by --auto-tls serves, though it calls itself a CA', async () => {
  const own = await issueAuthority({
    commonName: 'etcd',
    organization: 'etcd',
    hosts: ['10.0.0.1'],
    key: 'ec-p521',
    extendedKeyUsages: ['serverAuth'],
  });
  await using set = await directoryWith({
    'etcd.data/fixtures/client/cert.pem': own.certificatePem,
    'etcd.data/fixtures/client/key.pem': own.privateKeyPem,
  });

  const { facts } = await deploy({ paths: [set.path], maps: [] });

  expect(facts.guesses?.map(({ conclusion }) => conclusion)).toContain('files of etcd --auto-tls');
  expect(facts.members).toMatchObject([
    { settings: { client: { certFile: { value: set.at('etcd.data/fixtures/client/cert.pem') } } } },
  ]);
});

function pair(
  stem: string,
  kind: 'server' | 'peer' | 'client' | 'admin' | 'other',
): Readonly<Record<string, Content>> {
  return { [`${stem}.crt`]: kind, [`${stem}.key`]: `${kind} key` };
}

function texts(
  kind: string,
  { certificatePem, privateKeyPem }: Issued,
): Readonly<Record<string, string>> {
  return { [kind]: certificatePem, [`${kind} key`]: privateKeyPem };
}

/** Where there is a CA for peers, it has issued the peer certificates. */
function textOf(content: Content, hasPeerCa: boolean): string {
  const kind = hasPeerCa ? content.replace(/^peer( key)?$/, 'peer by another CA$1') : content;
  return contents[kind] ?? '';
}

test('a file above a layout is seen among many others', () => {
  const others = Array.from({ length: 200 }, (_, index) => `pki/other-${index}.crt`);
  const own = ['ca', 'server', 'peer', 'healthcheck-client'].map((name) => `pki/etcd/${name}.crt`);
  const { places } = findLayouts(['pki/apiserver-etcd-client.crt', ...others, ...own]);

  expect(places.get('pki/apiserver-etcd-client.crt')).toMatchObject({ role: 'client' });
  expect(places.get('pki/other-199.crt')).toBeUndefined();
});
