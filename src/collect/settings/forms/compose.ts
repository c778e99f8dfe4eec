import { readLater, type SettingsForm } from '../settings-form.ts';

/** Compose files, their `.env` and their `env_file`s. */
export const form: SettingsForm = {
  name: 'compose',
  layer: 'starter',
  words: ['services'],
  recognises: ({ text }) => /^["']?services["']?[ \t]*:/m.test(text),
  read: readLater(() => import('../readers/compose.ts')),
};
