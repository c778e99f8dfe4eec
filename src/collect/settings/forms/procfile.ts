import { readLater, type SettingsForm } from '../settings-form.ts';
import { baseName } from '../words.ts';

/** Procfiles of foreman, goreman and honcho, with the `.env` next to them. */
export const form: SettingsForm = {
  name: 'procfile',
  layer: 'starter',
  recognises: ({ path, text }) =>
    baseName(path).split('.', 1)[0] === 'Procfile' && /^[\w-]+:[ \t]*\S/m.test(text),
  read: readLater(() => import('../readers/procfile.ts')),
};
