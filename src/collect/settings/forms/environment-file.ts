import { readEnvironmentFile } from '../environment-file.ts';
import { emptyProcess } from '../process.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';

/** Files of variables that no process names, for whatever reads them: a unit that was not given may say more. */
export const form: SettingsForm = {
  name: 'environment-file',
  layer: 'settings',
  recognises: ({ text }) => variable.test(text),
  read: readEach((file) => {
    const variables = readEnvironmentFile(file);
    const origin = variables[0]?.location ?? { file: file.path };
    return {
      processes: [{ ...emptyProcess('environment-file', origin), variables, partial: true }],
    };
  }),
};

const variable =
  /^[ \t]*(?:export[ \t]+)?(?:ETCD|ETCDCTL|FLANNELD?|FELIX|PATRONI|(?:K3S|RKE2)_DATASTORE|TRAEFIK_PROVIDERS_ETCD|CALICO_ETCD)_\w+=/m;
