import type { SettingsForm } from '../settings-form.ts';
import { readUnit } from '../systemd.ts';
import { groupUnits, isOfManager } from '../units.ts';

/** Units of systemd and their drop-ins, and what the service manager gives to all of them. */
export const form: SettingsForm = {
  name: 'systemd',
  layer: 'starter',
  recognises: (file) => /^[ \t]*\[Service\][ \t\r]*$/m.test(file.text) || isOfManager(file),
  read: (files, context) => {
    const units = groupUnits(files, context.paths);
    const used = new Set(units.flatMap(({ managers }) => managers));
    const unused = files.filter((file) => isOfManager(file) && !used.has(file));
    const reason = 'DefaultEnvironment= is for the units of its host, and none was given with it';
    return {
      processes: units.flatMap((unit) => readUnit(unit, context)),
      notUnderstood: unused.map(({ path }) => ({ path, reason })),
    };
  },
};
