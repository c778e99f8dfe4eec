import type { SettingsKind, TextFile } from '../../model/draft.ts';

/** What tells each kind from the others, most telling first. */
const signs: readonly (readonly [SettingsKind, RegExp])[] = [
  ['systemd', /^\s*\[Service\]\s*$/m],
  [
    'manifest',
    /^[\s{-]*"?kind"?:\s*"?(?:Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|List)"?,?\s*$/m,
  ],
  ['compose', /^"?services"?\s*:/m],
  [
    'etcd-config',
    /^(?:(?:client|peer)-transport-security|listen-(?:client|peer)-urls|initial-cluster(?:-token|-state)?|(?:initial-)?advertise-(?:client|peer)-urls)\s*:/m,
  ],
  // Calico, kubeadm, Patroni, APISIX, Traefik, k3s, Corefiles, rings, and files of etcd's own client.
  ['client-config', /^\s*kind:\s*["']?(?:CalicoAPIConfig|ClusterConfiguration)/m],
  ['client-config', /^\s*"?etcd_endpoints"?\s*:/m],
  ['client-config', /^etcd3?\s*:\s*$/m],
  ['client-config', /^deployment\s*:\s*$[^]*^\s+etcd\s*:/m],
  ['client-config', /^providers\s*:\s*$[^]*^\s+etcd\s*:|^\s*\[providers\.etcd\b/m],
  ['client-config', /^datastore-endpoint\s*:/m],
  ['client-config', /^\s*etcd\b[^\n:=]*\{\s*$/m],
  ['client-config', /^\s+store\s*:\s*["']?etcd["']?\s*$/m],
  ['client-config', /^endpoints\s*:[^]*^(?:trusted-ca-file|ca-file|cert-file|key-file|insecure-)/m],
  ['client-config', /^(?:trusted-ca-file|ca-file|cert-file|key-file)\s*:[^]*^endpoints\s*:/m],
  ['command-line', /^\s*(?:-\s+)?["']?--?etcd-(?:servers|cafile|certfile|keyfile|endpoints)\b/m],
  ['client-environment', /^\s*(?:export\s+)?ETCDCTL_\w+=/m],
  [
    'environment-file',
    /^\s*(?:export\s+)?(?:ETCD|FLANNELD?|FELIX|PATRONI|K3S_DATASTORE|RKE2_DATASTORE|TRAEFIK_PROVIDERS_ETCD)_\w+=/m,
  ],
  ['command-line', /^\s*(?:exec\s+)?(?:[\w./-]*\/)?(?:docker|podman|nerdctl)\s+run\b[^]*\betcd/m],
  [
    'command-line',
    /^\s*(?:(?:exec|sudo|nohup)\s+)*(?:[\w./-]*\/)?(?:etcd|etcdctl|kube-apiserver|flanneld)\s+(?:\\\s*$|.*--?[a-z])/m,
  ],
];

/** Text about settings rather than settings: commands in it are examples. */
const prose = /\.(?:md|markdown|rst|adoc|html?)$/i;

/** Tells settings files from other text by what they contain; undefined for what is no settings file. */
export function recogniseSettings({ path, text }: TextFile): SettingsKind | undefined {
  if (prose.test(path)) return undefined;
  return signs.find(([, sign]) => sign.test(text))?.[0];
}
