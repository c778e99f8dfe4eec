import type { TextFile } from '../../../model/draft.ts';
import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * The configuration of a server of k3s or RKE2, with its `config.yaml.d`: the configuration file that it
 * writes for its etcd (k3s-io/k3s pkg/etcd/etcd.go cluster, pkg/daemons/executor/executor.go ToConfigFile).
 */
export const form: SettingsForm = {
  name: 'rancher',
  layer: 'holder',
  alsoReadIn: ['starter', 'script', 'settings'],
  recognises: isRancher,
  read: readLater(() => import('../readers/rancher.ts')),
};

const starts = ['cluster-init', 'etcd-arg', 'etcd-expose-metrics', 'disable-etcd', 'datastore-'];
const keys =
  /^["']?(?:cluster-init|etcd-arg|etcd-expose-metrics|disable-etcd|datastore-\w+)\+?["']?[ \t]*:/m;

/** `config.yaml` and whatever `.yaml` and `.yml` is in `config.yaml.d`, by name (pkg/configfilearg/parser.go). */
export const dropIn = /(^|.*\/)(config\.ya?ml)\.d\/[^/]*\.ya?ml$/i;

const own = /(?<![^/])rancher\/(?:k3s|rke2)\/config\.ya?ml$/;

/** A drop-in may hold any keys of the server: `data-dir` changes every path, `datastore-endpoint` who stores. */
export function isRancher({ path, text }: TextFile): boolean {
  const isNamed = path.includes('rancher/') || /\.d\//i.test(path);
  if (isNamed && (own.test(path) || dropIn.test(path))) return true;
  return starts.some((start) => text.includes(start)) && keys.test(text);
}
