import { argumentsIn } from '../installer-arguments.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { readYaml } from '../yaml.ts';
import { isKubeadm } from './kubeadm.ts';
import { isRancher } from './rancher.ts';
import { isTalos } from './talos.ts';

/**
 * Configuration from which a tool makes etcd's settings: k0s (`spec.storage.etcd`), RKE1 (`services.etcd`), what
 * Cluster API keeps for kubeadm, patches of Talos. What the tool adds depends on its release, so that the settings
 * in it are named and not judged.
 */
export const form: SettingsForm = {
  name: 'cluster-config',
  layer: 'holder',
  alsoReadIn: ['starter', 'script', 'settings'],
  words: ['extraArgs', 'rawArgs', 'extra_args', 'etcd-arg', 'etcd-expose-metrics'],
  recognises: (file) =>
    /^[ \t]*["']?(?:extraArgs|rawArgs|extra_args(?:_array)?|etcd-arg\+?|etcd-expose-metrics)["']?[ \t]*:/m.test(
      file.text,
    ) && ![isKubeadm, isRancher, isTalos].some((isRead) => isRead(file)),
  read: readEach(async (file) => {
    const yaml = await readYaml(file);
    // The reader of the rest of the file reports what is wrong with it.
    return yaml.ok ? { notUnderstood: yaml.documents.flatMap(argumentsIn) } : {};
  }),
};
