import { wordSet } from '../../../model/table.ts';
import { namesKind } from '../kinds.ts';
import { patchesInManifests, processesInManifests } from '../kubernetes.ts';
import type { SettingsForm } from '../settings-form.ts';
import { readDocuments } from '../yaml.ts';

/** Kubernetes objects that make pods, as YAML or JSON, and lists of them; all files are read together. */
export const form: SettingsForm = {
  name: 'manifest',
  layer: 'starter',
  recognises: ({ text }) => namesKind(text, kinds) || holdsVariables(text),
  read: async (files, context) => {
    const { documents, notUnderstood } = await readDocuments(files);
    return {
      processes: processesInManifests(documents, context),
      notUnderstood,
      patches: patchesInManifests(documents),
    };
  },
};

const kinds = wordSet(
  'Pod Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Job CronJob List PodList ConfigMap',
);
const secret = wordSet('Secret');

/** A Secret whose keys may be variables, which a pod in another file takes. */
function holdsVariables(text: string): boolean {
  return namesKind(text, secret) && /(?:^|[\s{,])["']?[A-Z][A-Z0-9_]+["']?[ \t]*:/m.test(text);
}
