import type { SettingsKind, TextFile } from '../../model/draft.ts';

/** What tells each kind from the others, most telling first: all of the patterns are to be found. */
const signs: readonly (readonly [SettingsKind, ...RegExp[]])[] = [
  ['systemd', /^[ \t]*\[Service\][ \t\r]*$/m],
  [
    'manifest',
    /^[ \t{-]*"?kind"?:[ \t]*"?(?:Pod|Deployment|StatefulSet|DaemonSet|ReplicaSet|Job|CronJob|List)"?,?[ \t\r]*$/m,
  ],
  ['compose', /^"?services"?[ \t]*:/m],
  [
    'etcd-config',
    /^(?:(?:client|peer)-transport-security|listen-(?:client|peer)-urls|initial-cluster(?:-token|-state)?|(?:initial-)?advertise-(?:client|peer)-urls)[ \t]*:/m,
  ],
  // Calico, kubeadm, Patroni, APISIX, Traefik, k3s, Corefiles, rings, and files of etcd's own client.
  ['client-config', /^[ \t]*kind:[ \t]*["']?(?:CalicoAPIConfig|ClusterConfiguration)/m],
  ['client-config', /^[ \t]*"?etcd_endpoints"?[ \t]*:/m],
  ['client-config', /^etcd3?[ \t]*:[ \t\r]*$/m],
  ['client-config', /^(?:deployment|providers)[ \t]*:[ \t\r]*$/m, /^[ \t]+etcd[ \t]*:/m],
  ['client-config', /^[ \t]*\[providers\.etcd\b/m],
  ['client-config', /^datastore-endpoint[ \t]*:/m],
  ['client-config', /^[ \t]*etcd\b[^\n:=]*\{[ \t\r]*$/m],
  ['client-config', /^[ \t]+(?:store|primary|secondary)[ \t]*:[ \t]*["']?etcd["']?[ \t\r]*$/m],
  [
    'client-config',
    /^endpoints[ \t]*:/m,
    /^(?:trusted-ca-file|ca-file|cert-file|key-file|insecure-)/m,
  ],
  [
    'command-line',
    /^[ \t]*(?:-[ \t]+)?["']?--?etcd-(?:servers|cafile|certfile|keyfile|endpoints)\b/m,
  ],
  ['client-environment', /^[ \t]*(?:export[ \t]+)?ETCDCTL_\w+=/m],
  [
    'environment-file',
    /^[ \t]*(?:export[ \t]+)?(?:ETCD|FLANNELD?|FELIX|PATRONI|K3S_DATASTORE|RKE2_DATASTORE|TRAEFIK_PROVIDERS_ETCD)_\w+=/m,
  ],
  [
    'command-line',
    /^[ \t]*(?:exec[ \t]+)?(?:[\w./-]*\/)?(?:docker|podman|nerdctl)[ \t]+run\b/m,
    /\betcd(?:ctl)?\b/,
  ],
  [
    'command-line',
    /^[ \t]*(?:(?:exec|sudo|nohup)[ \t]+)*(?:[\w./-]*\/)?(?:etcd|etcdctl|kube-apiserver|flanneld)[ \t]+(?:\\[ \t\r]*$|.*--?[a-z])/m,
  ],
];

/** Text about settings rather than settings: commands in it are examples. */
const prose = /\.(?:md|markdown|rst|adoc|html?)$/i;

/** Tells settings files from other text by what they contain; undefined for what is no settings file. */
export function recogniseSettings({ path, text }: TextFile): SettingsKind | undefined {
  if (prose.test(path)) return undefined;
  return signs.find(([, ...patterns]) => patterns.every((pattern) => pattern.test(text)))?.[0];
}
