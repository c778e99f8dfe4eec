import { readLater, type SettingsForm } from '../settings-form.ts';

/** What `crictl inspect` prints of a container of containerd or CRI-O. */
export const form: SettingsForm = {
  name: 'crictl-inspect',
  layer: 'starter',
  words: ['runtimeSpec'],
  recognises: ({ text }) => /"runtimeSpec"\s*:/.test(text) && /"status"\s*:/.test(text),
  read: readLater(() => import('../readers/crictl-inspect.ts')),
};
