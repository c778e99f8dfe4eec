import { table } from '../../model/table.ts';
import { isOfUserManager } from './user-manager.ts';

/** Directories of any service manager. */
const ofAny = table<string>({ T: '/tmp', V: '/var/tmp' });

/** Directories of the system's service manager (systemd.unit(5), "Specifiers"). */
const ofSystem = table<string>({
  t: '/run',
  S: '/var/lib',
  C: '/var/cache',
  L: '/var/log',
  E: '/etc',
  ...ofAny,
  h: '/root',
  u: 'root',
  U: '0',
  g: 'root',
  G: '0',
  s: '/bin/sh',
});

/**
 * Replaces the specifiers that a unit's name settles. Those that only the host knows, such as `%H` and
 * `%m`, stay as they are written, and so do those of the name where the unit is not known, and the directories of a
 * user whose service manager starts the unit.
 */
export function expandSpecifiers(text: string, unit: string | undefined, file: string): string {
  const names = unit === undefined ? {} : ofName(unit);
  const fixed = isOfUserManager(file) ? ofAny : ofSystem;
  return text.replaceAll(/%([A-Za-z%])/g, (written: string, letter: string) => {
    if (letter === '%') return letter;
    return fixed[letter] ?? names[letter] ?? written;
  });
}

/** Of `etcd@node1.service`: name `etcd@node1`, prefix `etcd`, instance `node1`. */
function ofName(unit: string): Readonly<Record<string, string | undefined>> {
  const name = unit.replace(/\.[a-z]+$/, '');
  const at = name.indexOf('@');
  const prefix = at < 0 ? name : name.slice(0, at);
  const instance = at < 0 ? '' : name.slice(at + 1);
  // A template without its instance: `etcd@.service`.
  const isTemplate = at >= 0 && instance === '';
  const last = prefix.slice(prefix.lastIndexOf('-') + 1);
  return {
    ...(!isTemplate && {
      n: unit,
      N: name,
      i: instance,
      I: unescaped(instance),
      d: `/run/credentials/${unit}`,
    }),
    p: prefix,
    P: unescaped(prefix),
    j: last,
    J: unescaped(last),
  };
}

/** systemd-escape(1): dashes are slashes, `\x2d` is a dash. */
function unescaped(text: string): string {
  return text
    .replaceAll('-', '/')
    .replaceAll(/\\x([\da-f]{2})/gi, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}
