import { readLater, type SettingsForm } from '../settings-form.ts';

/** Podman's units for containers (podman-systemd.unit(5)). */
export const form: SettingsForm = {
  name: 'quadlet',
  layer: 'starter',
  words: ['[Container]'],
  recognises: ({ text }) => /^\[Container\][ \t\r]*$/m.test(text),
  read: readLater(() => import('../readers/quadlet.ts')),
};
