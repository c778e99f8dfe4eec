import { configAlone } from '../member-draft.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';

/** etcd's configuration file, where no process names it: each makes a member of its own. */
export const form: SettingsForm = {
  name: 'etcd-config',
  layer: 'settings',
  words: ['-transport-security', '-urls', 'initial-cluster'],
  recognises: ({ text }) => keys.test(text),
  read: readEach(async (file) => ({ members: [await configAlone(file)] })),
};

const keys =
  /^["']?(?:(?:client|peer)-transport-security|listen-(?:client|peer)-urls|initial-cluster(?:-token|-state)?|(?:initial-)?advertise-(?:client|peer)-urls)["']?[ \t]*:/m;
