import { readLater, type SettingsForm } from '../settings-form.ts';

/** Programs of supervisord (http://supervisord.org/configuration.html). */
export const form: SettingsForm = {
  name: 'supervisor',
  layer: 'starter',
  words: ['[program:'],
  recognises: ({ text }) => /^\[program:(?:(?!\]).)+\][ \t]*$/m.test(text),
  read: readLater(() => import('../readers/supervisor.ts')),
};
