import type { SettingsForm } from '../settings-form.ts';
import { readUnit } from '../systemd.ts';
import { groupUnits } from '../units.ts';

/** Units of systemd and their drop-ins. */
export const form: SettingsForm = {
  name: 'systemd',
  layer: 'starter',
  recognises: ({ text }) => /^[ \t]*\[Service\][ \t\r]*$/m.test(text),
  read: (files, context) => ({
    processes: groupUnits(files, context.paths).flatMap((unit) => readUnit(unit, context)),
  }),
};
