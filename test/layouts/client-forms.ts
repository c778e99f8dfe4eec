/** Where a client finds its files, as its settings say. */
export interface ClientFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** One program that connects to etcd, by a file of settings as that program's documentation has it. */
export interface ClientForm {
  readonly tool: string;
  /** What `check` calls it. */
  readonly client: string;
  readonly source: string;
  /** On the client's machine. */
  readonly path: string;
  readonly text: (endpoints: readonly string[], files: ClientFiles) => string;
}

const withoutScheme = (endpoints: readonly string[]) =>
  endpoints.map((url) => url.replace('https://', ''));

function listed(items: readonly string[], indent: string): string {
  return items.map((item) => `${indent}- ${item}\n`).join('');
}

function unit(program: string, flags: readonly string[]): string {
  return `[Service]\nExecStart=${[program, ...flags].join(' \\\n  ')}\n`;
}

function variables(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function vitess(tool: string, flag: (name: string) => string): ClientForm {
  return {
    tool,
    client: 'vitess',
    source: 'https://vitess.io/docs/reference/features/topology-service/',
    path: '/etc/systemd/system/vtgate.service',
    text: (endpoints, { ca, cert, key }) =>
      unit('/usr/bin/vtgate', [
        `${flag('topo_implementation')} etcd2`,
        `${flag('topo_global_server_address')} ${withoutScheme(endpoints).join(',')}`,
        `${flag('topo_global_root')} /vitess/global`,
        `${flag('topo_etcd_tls_ca')} ${ca}`,
        `${flag('topo_etcd_tls_cert')} ${cert}`,
        `${flag('topo_etcd_tls_key')} ${key}`,
      ]),
  };
}

export const clientForms: readonly ClientForm[] = [
  {
    tool: 'etcdctl, by a script',
    client: 'etcdctl',
    source: 'https://etcd.io/docs/latest/dev-guide/interacting_v3/',
    path: '/etc/profile.d/etcdctl.sh',
    text: (endpoints, { ca, cert, key }) => `export ETCDCTL_API=3
export ETCDCTL_ENDPOINTS=${endpoints.join(',')}
export ETCDCTL_CACERT=${ca}
export ETCDCTL_CERT=${cert}
export ETCDCTL_KEY=${key}
`,
  },
  {
    tool: 'a backup script in cron',
    client: 'etcdctl',
    source: 'https://etcd.io/docs/latest/op-guide/recovery/',
    path: '/etc/cron.daily/etcd-backup',
    text: ([endpoint = ''], { ca, cert, key }) => `#!/bin/sh
set -eu
etcdctl --endpoints="${endpoint}" \\
  --cacert="${ca}" \\
  --cert="${cert}" \\
  --key="${key}" \\
  snapshot save "/var/backups/etcd-$(date +%F).db"
`,
  },
  {
    tool: 'kube-apiserver',
    client: 'kube-apiserver',
    source: 'https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/',
    path: '/etc/systemd/system/kube-apiserver.service',
    text: (endpoints, { ca, cert, key }) =>
      unit('/usr/local/bin/kube-apiserver', [
        `--etcd-servers=${endpoints.join(',')}`,
        `--etcd-cafile=${ca}`,
        `--etcd-certfile=${cert}`,
        `--etcd-keyfile=${key}`,
        '--service-cluster-ip-range=10.96.0.0/12',
      ]),
  },
  {
    tool: 'kubeadm, external etcd',
    client: 'kube-apiserver',
    source:
      'https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/high-availability/',
    path: '/root/kubeadm.yaml',
    text: (endpoints, { ca, cert, key }) => `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  external:
    endpoints:
${listed(endpoints, '    ')}    caFile: ${ca}
    certFile: ${cert}
    keyFile: ${key}
`,
  },
  {
    tool: 'k0s, external etcd',
    client: 'kube-apiserver',
    source: 'https://docs.k0sproject.io/stable/configuration/#specstorage',
    path: '/etc/k0s/k0s.yaml',
    text: (endpoints, { ca, cert, key }) => `apiVersion: k0s.k0sproject.io/v1beta1
kind: ClusterConfig
spec:
  storage:
    type: etcd
    etcd:
      externalCluster:
        endpoints:
${listed(endpoints, '        ')}        etcdPrefix: k0s
        caFile: ${ca}
        clientCertFile: ${cert}
        clientKeyFile: ${key}
`,
  },
  {
    tool: 'flanneld',
    client: 'flanneld',
    source: 'https://github.com/flannel-io/flannel/blob/master/Documentation/configuration.md',
    path: '/etc/sysconfig/flanneld',
    text: (endpoints, { ca, cert, key }) =>
      variables({
        FLANNELD_ETCD_ENDPOINTS: endpoints.join(','),
        FLANNELD_ETCD_CAFILE: ca,
        FLANNELD_ETCD_CERTFILE: cert,
        FLANNELD_ETCD_KEYFILE: key,
      }),
  },
  {
    tool: 'calicoctl',
    client: 'calicoctl',
    source: 'https://docs.tigera.io/calico/latest/operations/calicoctl/configure/etcd',
    path: '/etc/calico/calicoctl.cfg',
    text: (endpoints, { ca, cert, key }) => `apiVersion: projectcalico.org/v3
kind: CalicoAPIConfig
metadata:
spec:
  datastoreType: etcdv3
  etcdEndpoints: ${endpoints.join(',')}
  etcdKeyFile: ${key}
  etcdCertFile: ${cert}
  etcdCACertFile: ${ca}
`,
  },
  {
    tool: 'Calico by its variables',
    client: 'calico',
    source: 'https://docs.tigera.io/calico/latest/reference/kube-controllers/configuration',
    path: '/etc/calico/calico.env',
    text: (endpoints, { ca, cert, key }) =>
      variables({
        DATASTORE_TYPE: 'etcdv3',
        ETCD_ENDPOINTS: endpoints.join(','),
        ETCD_CA_CERT_FILE: ca,
        ETCD_CERT_FILE: cert,
        ETCD_KEY_FILE: key,
      }),
  },
  {
    tool: 'Felix',
    client: 'felix',
    source: 'https://docs.tigera.io/calico/latest/reference/felix/configuration',
    path: '/etc/calico/felix.env',
    text: (endpoints, { ca, cert, key }) =>
      variables({
        FELIX_DATASTORETYPE: 'etcdv3',
        FELIX_ETCDENDPOINTS: endpoints.join(','),
        FELIX_ETCDCAFILE: ca,
        FELIX_ETCDCERTFILE: cert,
        FELIX_ETCDKEYFILE: key,
      }),
  },
  {
    tool: 'Calico’s CNI plugin',
    client: 'calico-cni',
    source: 'https://docs.tigera.io/calico/latest/reference/configure-cni-plugins',
    path: '/etc/cni/net.d/10-calico.conflist',
    text: (endpoints, { ca, cert, key }) =>
      `${JSON.stringify(
        {
          name: 'k8s-pod-network',
          cniVersion: '0.3.1',
          plugins: [
            {
              type: 'calico',
              etcd_endpoints: endpoints.join(','),
              etcd_key_file: key,
              etcd_cert_file: cert,
              etcd_ca_cert_file: ca,
            },
            { type: 'portmap', capabilities: { portMappings: true } },
          ],
        },
        undefined,
        2,
      )}\n`,
  },
  {
    tool: 'Cilium',
    client: 'clientv3',
    source: 'https://docs.cilium.io/en/stable/installation/k8s-install-external-etcd/',
    path: '/var/lib/etcd-config/etcd.config',
    text: (endpoints, { ca, cert, key }) => `---
endpoints:
${listed(endpoints, '  ')}trusted-ca-file: '${ca}'
key-file: '${key}'
cert-file: '${cert}'
`,
  },
  {
    tool: 'Patroni',
    client: 'patroni',
    source: 'https://patroni.readthedocs.io/en/latest/yaml_configuration.html',
    path: '/etc/patroni/config.yml',
    text: (endpoints, { ca, cert, key }) => `scope: main
name: pg1
etcd3:
  hosts: ${withoutScheme(endpoints).join(',')}
  protocol: https
  cacert: ${ca}
  cert: ${cert}
  key: ${key}
postgresql:
  listen: 0.0.0.0:5432
`,
  },
  {
    tool: 'Patroni by its variables',
    client: 'patroni',
    source: 'https://patroni.readthedocs.io/en/latest/ENVIRONMENT.html',
    path: '/etc/patroni/patroni.env',
    text: (endpoints, { ca, cert, key }) =>
      variables({
        PATRONI_ETCD3_HOSTS: `'${withoutScheme(endpoints)
          .map((host) => `"${host}"`)
          .join(',')}'`,
        PATRONI_ETCD3_PROTOCOL: 'https',
        PATRONI_ETCD3_CACERT: ca,
        PATRONI_ETCD3_CERT: cert,
        PATRONI_ETCD3_KEY: key,
      }),
  },
  {
    tool: 'CoreDNS',
    client: 'coredns',
    source: 'https://coredns.io/plugins/etcd/',
    path: '/etc/coredns/Corefile',
    text: (endpoints, { ca, cert, key }) => `skydns.local {
  etcd {
    path /skydns
    endpoint ${endpoints.join(' ')}
    tls ${cert} ${key} ${ca}
  }
}
`,
  },
  {
    tool: 'Traefik',
    client: 'traefik',
    source: 'https://doc.traefik.io/traefik/providers/etcd/',
    path: '/etc/traefik/traefik.yml',
    text: (endpoints, { ca, cert, key }) => `providers:
  etcd:
    endpoints:
${listed(withoutScheme(endpoints), '      ')}    tls:
      ca: ${ca}
      cert: ${cert}
      key: ${key}
`,
  },
  {
    tool: 'Apache APISIX',
    client: 'apisix',
    source: 'https://apisix.apache.org/docs/apisix/mtls/',
    path: '/usr/local/apisix/conf/config.yaml',
    text: (endpoints, { ca, cert, key }) => `apisix:
  ssl:
    ssl_trusted_certificate: ${ca}
deployment:
  role: traditional
  role_traditional:
    config_provider: etcd
  etcd:
    host:
${listed(endpoints, '      ')}    prefix: /apisix
    tls:
      cert: ${cert}
      key: ${key}
      verify: true
`,
  },
  {
    tool: 'external-dns',
    client: 'external-dns',
    source: 'https://kubernetes-sigs.github.io/external-dns/latest/docs/tutorials/coredns/',
    path: '/etc/external-dns.env',
    text: (endpoints, { ca, cert, key }) =>
      variables({
        ETCD_URLS: endpoints.join(','),
        ETCD_CA_FILE: ca,
        ETCD_CERT_FILE: cert,
        ETCD_KEY_FILE: key,
      }),
  },
  {
    tool: 'k3s, external datastore',
    client: 'k3s',
    source: 'https://docs.k3s.io/datastore',
    path: '/etc/rancher/k3s/config.yaml',
    text: (endpoints, { ca, cert, key }) => `datastore-endpoint: "${endpoints.join(',')}"
datastore-cafile: ${ca}
datastore-certfile: ${cert}
datastore-keyfile: ${key}
`,
  },
  {
    tool: 'RKE2, external datastore',
    client: 'rke2',
    source: 'https://docs.rke2.io/datastore/external',
    path: '/etc/rancher/rke2/config.yaml',
    text: (endpoints, { ca, cert, key }) => `datastore-endpoint: "${endpoints.join(',')}"
datastore-cafile: "${ca}"
datastore-certfile: "${cert}"
datastore-keyfile: "${key}"
`,
  },
  {
    tool: 'a ring of Loki or Mimir',
    client: 'ingester.lifecycler.ring',
    source: 'https://grafana.com/docs/mimir/latest/references/configuration-parameters/#etcd',
    path: '/etc/loki/config.yaml',
    text: (endpoints, { ca, cert, key }) => `ingester:
  lifecycler:
    ring:
      kvstore:
        store: etcd
        etcd:
          endpoints:
${listed(withoutScheme(endpoints), '            ')}          tls_enabled: true
          tls_ca_path: ${ca}
          tls_cert_path: ${cert}
          tls_key_path: ${key}
`,
  },
  vitess('Vitess, flags with underscores', (name) => `--${name}`),
  vitess('Vitess, flags with dashes', (name) => `--${name.replaceAll('_', '-')}`),
  {
    tool: 'Prometheus',
    client: 'prometheus',
    source: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/',
    path: '/etc/prometheus/prometheus.yml',
    text: (endpoints, { ca, cert, key }) => `global:
  scrape_interval: 15s
scrape_configs:
  - job_name: etcd
    scheme: https
    static_configs:
      - targets:
${listed(withoutScheme(endpoints), '          ')}    tls_config:
      ca_file: ${ca}
      cert_file: ${cert}
      key_file: ${key}
`,
  },
  {
    tool: 'M3 coordinator',
    client: 'm3',
    source: 'https://m3db.io/docs/reference/m3coordinator/configuration/',
    path: '/etc/m3coordinator/m3coordinator.yml',
    text: (endpoints, { ca, cert, key }) => `listenAddress: 0.0.0.0:7201
clusterManagement:
  etcd:
    env: default_env
    zone: embedded
    service: m3db
    cacheDir: /var/lib/m3kv
    etcdClusters:
      - zone: embedded
        endpoints:
${listed(endpoints, '          ')}        tls:
          crtPath: ${cert}
          keyPath: ${key}
          caCrtPath: ${ca}
`,
  },
  {
    tool: 'etcd’s gRPC proxy',
    client: 'grpc-proxy',
    source: 'https://etcd.io/docs/latest/op-guide/grpc_proxy/',
    path: '/etc/systemd/system/etcd-proxy.service',
    text: (endpoints, { ca, cert, key }) =>
      unit('/usr/bin/etcd grpc-proxy start', [
        `--endpoints=${withoutScheme(endpoints).join(',')}`,
        '--listen-addr=127.0.0.1:23790',
        `--cacert=${ca}`,
        `--cert=${cert}`,
        `--key=${key}`,
      ]),
  },
];
