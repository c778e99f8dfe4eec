import {
  merged,
  compose,
  configFile,
  configUnit,
  debianUnit,
  dockerRun,
  environmentFile,
  openRc,
  procfile,
  quadlet,
  redHatUnit,
  supervisor,
  unit,
} from './forms.ts';
import type { Layout } from './layout.ts';
import {
  addressing,
  clientLeaf,
  type Files,
  type Host,
  hostsNamed,
  type LayoutPlan,
  memberLeaf,
  mutualTls,
  on,
  type PlannedLeaf,
} from './plan.ts';

/** Where one installer puts its files, and in which form it writes the settings. */
interface Shape {
  readonly names?: readonly string[];
  readonly network: string;
  readonly directory: string;
  /** Stem of the files by machine, with `%` for its name. */
  readonly cert?: string;
  readonly key?: string;
  readonly peerCert?: string;
  readonly peerKey?: string;
  readonly ca?: string;
  readonly settings: LayoutPlan['settings'];
  readonly by?: 'name' | 'address';
  readonly shared?: boolean;
  readonly client?: string;
  readonly flags?: Readonly<Record<string, string>>;
  readonly others?: (hosts: readonly Host[], issued: Files) => Files;
}

/** Three machines with one certificate each, or one for clients and one for peers. */
function threeMachines(shape: Shape): LayoutPlan {
  const { directory, cert = 'server.crt', key = 'server.key', ca = 'ca.crt' } = shape;
  const names = shape.names ?? ['etcd1', 'etcd2', 'etcd3'];
  const hosts = hostsNamed(names, shape.network, (name) => (shape.shared === true ? '' : name));
  const at = (host: Host, file: string) => `${directory}/${file.replaceAll('%', host.name)}`;
  const { peerCert = cert, peerKey = key } = shape;
  // All on one machine, where each needs a port and a directory of its own.
  const isOneHost = shape.network.startsWith('127.');
  const leafAt = (role: PlannedLeaf['role'], host: Host, file: string, keyFile: string) => ({
    role,
    authority: 'etcd',
    host,
    leaf: memberLeaf(host),
    certificate: on(host, at(host, file)),
    key: on(host, at(host, keyFile)),
  });
  const { others } = shape;
  return {
    hosts,
    authorities: { etcd: 'etcd-ca' },
    anchors: [...new Set(hosts.map((host) => on(host, at(host, ca))))].map((path) => ({
      authority: 'etcd',
      path,
    })),
    leaves: [
      ...hosts.flatMap((host): readonly PlannedLeaf[] =>
        peerCert === cert
          ? [leafAt('both', host, cert, key)]
          : [leafAt('server', host, cert, key), leafAt('peer', host, peerCert, peerKey)],
      ),
      ...(shape.client === undefined ? [] : [clientOf(shape.client)]),
    ],
    members: hosts.map((host) => ({
      host,
      flags: {
        ...addressing(host, hosts, { ...(shape.by && { by: shape.by }), loopback: !isOneHost }),
        ...(isOneHost && { 'data-dir': `${host.name}.etcd` }),
        'initial-cluster-token': 'etcd-cluster-1',
        ...shape.flags,
        ...mutualTls({
          cert: at(host, cert),
          key: at(host, key),
          ca: at(host, ca),
          peerCert: at(host, peerCert),
          peerKey: at(host, peerKey),
        }),
      },
    })),
    settings: shape.settings,
    ...(others && { others: (issued: Files) => others(hosts, issued) }),
  };
}

function clientOf(stem: string): PlannedLeaf {
  return {
    role: 'client',
    authority: 'etcd',
    leaf: clientLeaf(stem.split('/').at(-1) ?? stem),
    certificate: `${stem}.crt`,
    key: `${stem}.key`,
  };
}

const endpoints = (hosts: readonly Host[]): readonly string[] =>
  hosts.map(({ address }) => `https://${address}:2379`);

/** etcd alone, as distributions, wrappers and process managers run it. */
export const serviceLayouts: readonly Layout[] = [
  {
    tool: 'Red Hat package',
    source: 'https://src.fedoraproject.org/rpms/etcd',
    plan: threeMachines({
      network: '10.31.1',
      directory: '/etc/etcd',
      peerCert: 'peer.crt',
      peerKey: 'peer.key',
      settings: environmentFile('/etc/etcd/etcd.conf', redHatUnit),
    }),
  },
  {
    tool: 'Alpine package (OpenRC)',
    source: 'https://pkgs.alpinelinux.org/package/edge/community/x86_64/etcd',
    plan: threeMachines({ network: '10.31.2', directory: '/etc/etcd/tls', settings: openRc() }),
  },
  {
    tool: 'Flatcar and CoreOS, etcd-member.service',
    source: 'https://www.flatcar.org/docs/latest/setup/clusters/boot-process/',
    plan: threeMachines({
      network: '10.31.3',
      directory: '/etc/ssl/etcd',
      cert: 'server.pem',
      key: 'server-key.pem',
      peerCert: 'peer.pem',
      peerKey: 'peer-key.pem',
      ca: 'ca.pem',
      settings: (members) =>
        merged(
          members.map(({ host, flags }) => ({
            [on(host, '/etc/systemd/system/etcd-member.service.d/20-clct-etcd-member.conf')]:
              `[Service]
Environment="ETCD_IMAGE_TAG=v3.5.16"
Environment="ETCD_SSL_DIR=/etc/ssl/etcd"
ExecStart=
ExecStart=/usr/lib/coreos/etcd-wrapper $ETCD_OPTS \\
  ${Object.entries(flags)
    .map(([name, value]) => `--${name}="${value}"`)
    .join(' \\\n  ')}
`,
          })),
        ),
    }),
  },
  {
    tool: 'Ansible role githubixx.etcd',
    source: 'https://github.com/githubixx/ansible-role-etcd',
    plan: threeMachines({
      network: '10.31.4',
      directory: '/etc/etcd',
      cert: 'cert-etcd-server-%.pem',
      key: 'cert-etcd-server-%-key.pem',
      peerCert: 'cert-etcd-peer-%.pem',
      peerKey: 'cert-etcd-peer-%-key.pem',
      ca: 'ca-etcd.pem',
      settings: unit(),
    }),
  },
  {
    tool: 'etcd.conf.yml with a unit',
    source: 'https://etcd.io/docs/latest/op-guide/configuration/',
    plan: threeMachines({
      network: '10.31.5',
      directory: '/etc/etcd/pki',
      settings: configFile('/etc/etcd/etcd.conf.yml', configUnit('/etc/etcd/etcd.conf.yml')),
    }),
  },
  {
    tool: 'Docker Compose',
    source: 'https://etcd.io/docs/latest/op-guide/container/',
    plan: threeMachines({
      network: '10.20.0',
      directory: '/certs',
      cert: '%.crt',
      key: '%.key',
      shared: true,
      by: 'name',
      settings: compose('gcr.io/etcd-development/etcd:v3.5.16', () => './certs:/certs:ro'),
    }),
  },
  {
    tool: 'docker run, as etcd documents it',
    source: 'https://etcd.io/docs/latest/op-guide/container/',
    plan: threeMachines({
      network: '10.31.6',
      directory: '/etc/etcd/tls',
      settings: dockerRun('quay.io/coreos/etcd:v3.5.16', '/etc/etcd/tls:/etc/etcd/tls'),
    }),
  },
  {
    tool: 'Podman quadlet',
    source: 'https://docs.podman.io/en/latest/markdown/podman-systemd.unit.5.html',
    plan: threeMachines({
      network: '10.31.7',
      directory: '/etc/etcd/tls',
      settings: quadlet('quay.io/coreos/etcd:v3.5.16', '/etc/etcd/tls:/etc/etcd/tls'),
    }),
  },
  {
    tool: 'supervisord',
    source: 'http://supervisord.org/configuration.html',
    plan: threeMachines({
      network: '10.31.8',
      directory: '/etc/etcd/tls',
      settings: supervisor('/etc/supervisor/conf.d/etcd.conf'),
    }),
  },
  {
    tool: 'goreman, a Procfile',
    source: 'https://github.com/etcd-io/etcd/blob/main/Procfile',
    plan: threeMachines({
      network: '127.0.0',
      directory: 'certs',
      cert: '%.crt',
      key: '%.key',
      shared: true,
      settings: procfile(),
    }),
  },
  {
    tool: 'Patroni with Debian’s etcd',
    source: 'https://patroni.readthedocs.io/en/latest/yaml_configuration.html',
    plan: threeMachines({
      names: ['pg1', 'pg2', 'pg3'],
      network: '10.31.9',
      directory: '/etc/etcd/ssl',
      settings: environmentFile('/etc/default/etcd', debianUnit),
      client: 'pg1/etc/patroni/ssl/patroni',
      others: (hosts, issued) => ({
        'pg1/etc/patroni/ssl/ca.crt': issued['pg1/etc/etcd/ssl/ca.crt'] ?? '',
        'pg1/etc/patroni/config.yml': `scope: main
name: pg1
restapi:
  listen: 0.0.0.0:8008
etcd3:
  hosts: ${hosts.map(({ address }) => `${address}:2379`).join(',')}
  protocol: https
  cacert: /etc/patroni/ssl/ca.crt
  cert: /etc/patroni/ssl/patroni.crt
  key: /etc/patroni/ssl/patroni.key
postgresql:
  listen: 0.0.0.0:5432
`,
      }),
    }),
  },
  withClient(
    'Calico (calicoctl.cfg)',
    '10.31.11',
    'https://docs.tigera.io/calico/latest/operations/calicoctl/configure/etcd',
    {
      path: 'client/etc/calico/calicoctl.cfg',
      stem: 'client/etc/calico/certs/calico',
      text: (urls) => `apiVersion: projectcalico.org/v3
kind: CalicoAPIConfig
metadata:
spec:
  datastoreType: etcdv3
  etcdEndpoints: ${urls.join(',')}
  etcdKeyFile: /etc/calico/certs/calico.key
  etcdCertFile: /etc/calico/certs/calico.crt
  etcdCACertFile: /etc/calico/certs/ca.crt
`,
    },
  ),
  withClient(
    'Cilium kvstore (etcd-config)',
    '10.31.12',
    'https://docs.cilium.io/en/stable/installation/k8s-install-external-etcd/',
    {
      path: 'client/var/lib/etcd-config/etcd.config',
      stem: 'client/var/lib/etcd-secrets/etcd-client',
      text: (urls) => `---
endpoints:
${urls.map((url) => `  - ${url}\n`).join('')}trusted-ca-file: /var/lib/etcd-secrets/ca.crt
key-file: /var/lib/etcd-secrets/etcd-client.key
cert-file: /var/lib/etcd-secrets/etcd-client.crt
`,
    },
  ),
  withClient('Apache APISIX', '10.31.13', 'https://apisix.apache.org/docs/apisix/mtls/', {
    path: 'client/usr/local/apisix/conf/config.yaml',
    stem: 'client/usr/local/apisix/conf/ssl/apisix',
    text: (urls) => `apisix:
  ssl:
    ssl_trusted_certificate: /usr/local/apisix/conf/ssl/ca.crt
deployment:
  role: traditional
  role_traditional:
    config_provider: etcd
  etcd:
    host:
${urls.map((url) => `      - "${url}"\n`).join('')}    prefix: /apisix
    tls:
      cert: /usr/local/apisix/conf/ssl/apisix.crt
      key: /usr/local/apisix/conf/ssl/apisix.key
      verify: true
`,
  }),
  withClient(
    'Vitess (vtgate)',
    '10.31.14',
    'https://vitess.io/docs/reference/features/topology-service/',
    {
      path: 'client/etc/systemd/system/vtgate.service',
      stem: 'client/etc/vitess/certs/vitess',
      text: (urls) => `[Service]
ExecStart=/usr/bin/vtgate \\
  --topo_implementation etcd2 \\
  --topo_global_server_address ${urls.map((url) => url.replace('https://', '')).join(',')} \\
  --topo_global_root /vitess/global \\
  --topo_etcd_tls_ca /etc/vitess/certs/ca.crt \\
  --topo_etcd_tls_cert /etc/vitess/certs/vitess.crt \\
  --topo_etcd_tls_key /etc/vitess/certs/vitess.key
`,
    },
  ),
  withClient('CoreDNS (etcd plugin)', '10.31.15', 'https://coredns.io/plugins/etcd/', {
    path: 'client/etc/coredns/Corefile',
    stem: 'client/etc/coredns/tls/coredns',
    text: (urls) => `skydns.local {
  etcd {
    path /skydns
    endpoint ${urls.join(' ')}
    tls /etc/coredns/tls/coredns.crt /etc/coredns/tls/coredns.key /etc/coredns/tls/ca.crt
  }
}
`,
  }),
  withClient(
    'flannel',
    '10.31.16',
    'https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md',
    {
      path: 'client/etc/systemd/system/flanneld.service',
      stem: 'client/etc/flannel/tls/flannel',
      text: (urls) => `[Service]
ExecStart=/opt/bin/flanneld \\
  --etcd-endpoints=${urls.join(',')} \\
  --etcd-cafile=/etc/flannel/tls/ca.crt \\
  --etcd-certfile=/etc/flannel/tls/flannel.crt \\
  --etcd-keyfile=/etc/flannel/tls/flannel.key
`,
    },
  ),
  withClient(
    'M3DB coordinator',
    '10.31.17',
    'https://m3db.io/docs/reference/m3coordinator/configuration/',
    {
      path: 'client/etc/m3coordinator/m3coordinator.yml',
      stem: 'client/etc/m3/tls/m3',
      text: (urls) => `listenAddress: 0.0.0.0:7201
clusterManagement:
  etcd:
    env: default_env
    zone: embedded
    service: m3db
    cacheDir: /var/lib/m3kv
    etcdClusters:
      - zone: embedded
        endpoints:
${urls.map((url) => `          - ${url}\n`).join('')}        tls:
          crtPath: /etc/m3/tls/m3.crt
          keyPath: /etc/m3/tls/m3.key
          caCrtPath: /etc/m3/tls/ca.crt
`,
    },
  ),
];

/** A sound cluster with one client of its own on another machine. */
function withClient(
  tool: string,
  network: string,
  source: string,
  client: {
    readonly path: string;
    readonly stem: string;
    readonly text: (urls: readonly string[]) => string;
  },
): Layout {
  return {
    tool,
    source,
    plan: threeMachines({
      network,
      directory: '/etc/etcd/pki',
      settings: configFile('/etc/etcd/etcd.conf.yml', configUnit('/etc/etcd/etcd.conf.yml')),
      client: client.stem,
      others: (hosts, issued) => ({
        [`${client.stem.replace(/\/[^/]*$/, '')}/ca.crt`]:
          issued['etcd1/etc/etcd/pki/ca.crt'] ?? '',
        [client.path]: client.text(endpoints(hosts)),
      }),
    }),
  };
}
