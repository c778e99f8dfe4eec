import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { cwd } from 'node:process';
import type { SettingsDrafts } from '../model/draft.ts';
import type { FileFact } from '../model/files.ts';
import type {
  HostDirectory,
  HostFact,
  HostGroup,
  HostLink,
  HostUser,
} from '../model/host-facts.ts';

/**
 * Accounts that settings name, and the directories above the files that were read. Nothing where every
 * process runs as root: it opens them all. Whether this is the host that the settings are for is not asked here.
 */
export function observeHost(
  { members, clients }: Pick<SettingsDrafts, 'members' | 'clients'>,
  files: readonly FileFact[],
): HostFact | undefined {
  const processes = [...members, ...clients.flatMap(({ process }) => process ?? [])];
  const directives = processes.flatMap((process) => process.directives ?? []);
  const named = (pattern: RegExp): ReadonlySet<string> =>
    new Set(
      directives
        .filter(({ name }) => pattern.test(name))
        .flatMap(({ value }) => value.split(/\s+/))
        .filter((name) => name !== ''),
    );
  const users = named(/^(?:User|DynamicUser)$/);
  const isBound = directives.some(({ name }) => name === 'CapabilityBoundingSet');
  if (users.size === 0 && !isBound) return undefined;
  const workingDirectory = cwd();
  const paths = files
    .filter(({ mode }) => mode !== undefined)
    .map(({ path }) => resolve(workingDirectory, path));
  const links = [...new Set(paths)].flatMap(linkAt);
  return {
    workingDirectory,
    users: usersIn(users),
    groups: groupsIn(named(/^(?:Group|SupplementaryGroups)$/)),
    directories: directoriesAbove([...paths, ...links.map(({ target }) => target)]),
    links,
  };
}

function recordsOf(path: string): readonly (readonly string[])[] {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.map((line) => line.split(':'));
}

/** passwd(5): `name:password:uid:gid:…` */
function usersIn(wanted: ReadonlySet<string>): readonly HostUser[] {
  const groups = recordsOf('/etc/group');
  return recordsOf('/etc/passwd').flatMap(([name = '', , uid = '', gid = '']) => {
    if (!(wanted.has(name) || wanted.has(uid)) || !/^\d+$/.test(uid) || !/^\d+$/.test(gid))
      return [];
    const more = groups
      .filter(([, , , members = '']) => members.split(',').includes(name))
      .map(([, , id]) => Number(id));
    return [{ name, uid: Number(uid), gid: Number(gid), groups: more.filter(Number.isInteger) }];
  });
}

/** group(5): `name:password:gid:members` */
function groupsIn(wanted: ReadonlySet<string>): readonly HostGroup[] {
  if (wanted.size === 0) return [];
  return recordsOf('/etc/group').flatMap(([name = '', , gid = '']) =>
    wanted.has(name) && /^\d+$/.test(gid) ? [{ name, gid: Number(gid) }] : [],
  );
}

function linkAt(path: string): readonly HostLink[] {
  try {
    const target = realpathSync(path);
    return target === path ? [] : [{ path, target }];
  } catch {
    // A link that leads nowhere is reported as a file that cannot be read.
    return [];
  }
}

function directoriesAbove(paths: readonly string[]): readonly HostDirectory[] {
  const above = new Set<string>();
  for (const path of paths) {
    for (let each = dirname(path); !above.has(each); each = dirname(each)) above.add(each);
  }
  return [...above].flatMap((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return [];
    return [{ path, uid: found.uid, gid: found.gid, mode: found.mode & 0o777 }];
  });
}
