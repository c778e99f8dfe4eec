import { readLater, type SettingsForm } from '../settings-form.ts';

/** Settings of a container of systemd-nspawn (systemd.nspawn(5)). */
export const form: SettingsForm = {
  name: 'nspawn',
  layer: 'starter',
  recognises: ({ path, text }) => path.endsWith('.nspawn') && /^\[(?:Exec|Files)\]/m.test(text),
  read: readLater(() => import('../readers/nspawn.ts')),
};
