/** What a certificate file is for in a layout. `unrelated`: part of the installation, not of etcd. */
export type LayoutRole = 'server' | 'peer' | 'server-and-peer' | 'client' | 'unrelated';

/** How one installer names the files of a cert set. Patterns are relative to the directory of the set. */
export interface Layout {
  readonly name: string;
  /** Files that must all be there. `{host}` matches a node's name. */
  readonly needs: readonly string[];
  /** One of these must be part of the path of the directory, where file names alone do not decide. */
  readonly under?: RegExp;
  readonly roles: Readonly<Record<string, LayoutRole>>;
  /** The file of the CA that etcd trusts on both ports, where there is one for all. */
  readonly authority?: string;
  /** Something that its operator should know. */
  readonly remark?: string;
}

/** The most specific first: the first that fits a directory is taken. */
export const layouts: readonly Layout[] = [
  {
    // https://docs.rke2.io/reference/server_config, the files of k3s under another root
    name: 'RKE2',
    needs: ['server-ca.crt', 'peer-ca.crt', 'server-client.crt', 'peer-server-client.crt'],
    under: /(?<![^/])rke2(?:\/|$)/,
    roles: {
      'server-client.crt': 'server',
      'peer-server-client.crt': 'peer',
      'client.crt': 'client',
    },
  },
  {
    // https://docs.k3s.io/cli/certificate
    name: 'k3s',
    needs: ['server-ca.crt', 'peer-ca.crt', 'server-client.crt', 'peer-server-client.crt'],
    roles: {
      'server-client.crt': 'server',
      'peer-server-client.crt': 'peer',
      'client.crt': 'client',
    },
  },
  {
    // https://kubernetes.io/docs/setup/best-practices/certificates/
    name: 'kubeadm',
    needs: ['ca.crt', 'server.crt', 'peer.crt', 'healthcheck-client.crt'],
    authority: 'ca.crt',
    roles: {
      'server.crt': 'server',
      'peer.crt': 'peer',
      'healthcheck-client.crt': 'client',
      '../apiserver-etcd-client.crt': 'client',
      '../apiserver.crt': 'unrelated',
      '../apiserver-kubelet-client.crt': 'unrelated',
      '../front-proxy-client.crt': 'unrelated',
    },
  },
  {
    name: 'etcdadm',
    needs: ['ca.crt', 'server.crt', 'peer.crt', 'etcdctl-etcd-client.crt'],
    authority: 'ca.crt',
    roles: {
      'server.crt': 'server',
      'peer.crt': 'peer',
      'etcdctl-etcd-client.crt': 'client',
      'apiserver-etcd-client.crt': 'client',
    },
  },
  {
    name: 'Talos',
    needs: ['ca.crt', 'server.crt', 'peer.crt', 'admin.crt'],
    roles: { 'server.crt': 'server', 'peer.crt': 'peer', 'admin.crt': 'client' },
  },
  {
    name: 'k0s',
    needs: ['ca.crt', 'server.crt', 'peer.crt', '../apiserver-etcd-client.crt'],
    authority: 'ca.crt',
    roles: {
      'server.crt': 'server',
      'peer.crt': 'peer',
      '../apiserver-etcd-client.crt': 'client',
      '../server.crt': 'unrelated',
      '../k0s-api.crt': 'unrelated',
      '../front-proxy-client.crt': 'unrelated',
    },
  },
  {
    name: 'RKE1',
    needs: ['kube-ca.pem', 'kube-etcd-{host}.pem'],
    roles: {
      'kube-etcd-client.pem': 'client',
      'kube-etcd-{host}.pem': 'server-and-peer',
      'kube-node.pem': 'client',
      'kube-apiserver.pem': 'unrelated',
      'kube-apiserver-proxy-client.pem': 'unrelated',
      'kube-controller-manager.pem': 'unrelated',
      'kube-scheduler.pem': 'unrelated',
      'kube-proxy.pem': 'unrelated',
      'kube-admin.pem': 'unrelated',
    },
    remark: 'etcd and Kubernetes share one CA (CIS 2.7)',
  },
  {
    // https://github.com/kubernetes-sigs/kubespray, roles/etcd
    name: 'kubespray',
    needs: ['ca.pem', 'member-{host}.pem'],
    roles: {
      'member-{host}.pem': 'server-and-peer',
      'admin-{host}.pem': 'client',
      'node-{host}.pem': 'client',
    },
  },
  {
    name: 'OpenShift',
    needs: ['etcd-serving-{host}.crt', 'etcd-peer-{host}.crt'],
    roles: {
      'etcd-serving-metrics-{host}.crt': 'unrelated',
      'etcd-serving-{host}.crt': 'server',
      'etcd-peer-{host}.crt': 'peer',
    },
  },
  {
    name: 'OpenShift, as Secrets',
    needs: ['etcd-serving-{host}/tls.crt', 'etcd-peer-{host}/tls.crt'],
    roles: {
      'etcd-serving-metrics-{host}/tls.crt': 'unrelated',
      'etcd-serving-{host}/tls.crt': 'server',
      'etcd-peer-{host}/tls.crt': 'peer',
      'etcd-client/tls.crt': 'client',
      'etcd-metric-client/tls.crt': 'unrelated',
    },
  },
  {
    // https://kops.sigs.k8s.io/, etcd-manager as it runs
    name: 'kOps',
    needs: ['clients/ca.crt', 'clients/server.crt', 'peers/ca.crt', 'peers/me.crt'],
    roles: { 'clients/server.crt': 'server', 'peers/me.crt': 'peer' },
  },
  {
    name: 'kOps, the CAs of etcd-manager',
    needs: ['etcd-manager-ca.crt', 'etcd-peers-ca.crt', 'etcd-clients-ca.crt'],
    roles: {},
  },
  {
    name: 'aenix etcd-operator',
    needs: ['server/cert/tls.crt', 'peer/cert/tls.crt'],
    roles: { 'server/cert/tls.crt': 'server', 'peer/cert/tls.crt': 'peer' },
  },
  {
    name: 'gardener etcd-druid',
    needs: ['server/tls.crt', 'client/tls.crt'],
    roles: {
      'server/tls.crt': 'server',
      'client/tls.crt': 'client',
      'peer/server/tls.crt': 'peer',
    },
  },
  {
    name: 'bitnami chart',
    needs: ['client/ca.crt', 'client/cert.pem', 'peer/ca.crt', 'peer/cert.pem'],
    roles: { 'client/cert.pem': 'server', 'peer/cert.pem': 'peer' },
  },
  {
    name: 'etcd --auto-tls',
    needs: ['client/cert.pem', 'client/key.pem'],
    under: /(?<![^/])fixtures$/,
    roles: { 'client/cert.pem': 'server', 'peer/cert.pem': 'peer' },
    remark: 'etcd generated these certificates and does not request client certificates',
  },
  {
    name: 'etcd-io etcd-operator',
    needs: ['{host}-server-tls/tls.crt', '{host}-peer-tls/tls.crt'],
    roles: {
      '{host}-server-tls/tls.crt': 'server',
      '{host}-peer-tls/tls.crt': 'peer',
      '{host}-client-tls/tls.crt': 'client',
    },
  },
  {
    name: 'kamaji-etcd',
    needs: ['ca.crt', 'server.pem', 'server-key.pem', 'peer.pem', 'peer-key.pem'],
    roles: { 'server.pem': 'server', 'peer.pem': 'peer' },
  },
  {
    name: 'TKGI',
    needs: ['etcd-ca.crt', 'etcd.crt', 'peer.crt'],
    roles: { 'etcd.crt': 'server', 'peer.crt': 'peer', 'etcd-client.crt': 'client' },
  },
  {
    name: 'MicroK8s',
    needs: ['cluster.crt', 'cluster.key'],
    roles: { 'cluster.crt': 'unrelated' },
    remark: 'MicroK8s keeps its state in dqlite, which is not etcd',
  },
  {
    name: 'etcd documentation (cfssl)',
    needs: ['ca.pem', 'server.pem', 'server-key.pem'],
    roles: {
      'server.pem': 'server',
      'peer.pem': 'peer',
      'member{host}.pem': 'server-and-peer',
      'client.pem': 'client',
    },
  },
  {
    name: 'Kubernetes TLS Secret',
    needs: ['ca.crt', 'tls.crt', 'tls.key'],
    roles: {},
  },
];
