import type { SettingsForm } from '../settings-form.ts';
import { readUnit } from '../systemd.ts';
import { groupUnits, isOfManager } from '../units.ts';

/** Units of systemd and their drop-ins, and what the service manager gives to all of them. */
export const form: SettingsForm = {
  name: 'systemd',
  layer: 'starter',
  recognises: (file) => /^[ \t]*\[Service\][ \t\r]*$/m.test(file.text) || isOfManager(file),
  read: (files, context) => ({
    processes: groupUnits(files, context.paths).flatMap((unit) => readUnit(unit, context)),
  }),
};
