import { readLater, type SettingsForm } from '../settings-form.ts';
import { baseName } from '../words.ts';

/** What a Dockerfile's image starts, with the variables that it sets. */
export const form: SettingsForm = {
  name: 'dockerfile',
  layer: 'starter',
  recognises: ({ path, text }) =>
    /(?:docker|container)file/i.test(path) &&
    /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.(?:dockerfile|containerfile)$/i.test(
      baseName(path),
    ) &&
    /^[ \t]*FROM\s+\S/im.test(text),
  read: readLater(() => import('../readers/dockerfile.ts')),
};
