import { readLater, type SettingsForm } from '../settings-form.ts';

/** Services of OpenRC: `command`, `command_args`, with `/etc/conf.d/NAME` read before (openrc-run(8)). */
export const form: SettingsForm = {
  name: 'openrc',
  layer: 'starter',
  words: ['openrc-run', 'runscript'],
  recognises: ({ text }) => /^#!.*\bopenrc-run\b|^#!.*\brunscript\b/.test(text),
  read: readLater(() => import('../readers/openrc.ts')),
};
