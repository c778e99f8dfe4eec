import type { TextFile } from '../../../model/draft.ts';
import type { SettingsForm } from '../settings-form.ts';
import { readUnit } from '../systemd.ts';
import { groupUnits, isOfManager } from '../units.ts';
import { unreadAt } from '../unread-at.ts';

/** Units of systemd and their drop-ins, and what the service manager gives to all of them. */
export const form: SettingsForm = {
  name: 'systemd',
  layer: 'starter',
  recognises: (file) =>
    /^[ \t]*\[Service\][ \t\r]*$/m.test(file.text) || isOfManager(file) || isMask(file),
  read: (files, context) => {
    const units = groupUnits(files, context.paths);
    return {
      processes: units.flatMap((unit) => readUnit(unit, context)),
      notUnderstood: units.flatMap(({ unit, fragment }) =>
        fragment !== undefined && isMask(fragment)
          ? [unreadAt(fragment.path, undefined, `systemd does not start ${unit}, which is masked`)]
          : [],
      ),
      replaced: units.flatMap(({ replaced = [] }) => replaced.map(({ path }) => path)),
    };
  },
};

/** An empty unit takes the place of others with its name, and is never started (systemd.unit(5)). */
function isMask({ path, text }: TextFile): boolean {
  return text.trim() === '' && /etcd[^/]*\.service$/.test(path);
}
