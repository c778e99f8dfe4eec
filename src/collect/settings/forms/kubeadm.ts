import type { TextFile } from '../../../model/draft.ts';
import { readLater, type SettingsForm } from '../settings-form.ts';

/**
 * kubeadm's ClusterConfiguration, with the InitConfiguration or JoinConfiguration of the node next to it: the
 * static pod that kubeadm makes of them (kubernetes/kubernetes cmd/kubeadm/app/phases/etcd/local.go).
 */
export const form: SettingsForm = {
  name: 'kubeadm',
  layer: 'holder',
  alsoReadIn: ['starter', 'script', 'settings'],
  words: ['ClusterConfiguration'],
  recognises: isKubeadm,
  read: readLater(() => import('../readers/kubeadm.ts')),
};

export function isKubeadm({ text }: TextFile): boolean {
  return /^["']?kind["']?[ \t]*:[ \t]*["']?ClusterConfiguration\b/m.test(text);
}
