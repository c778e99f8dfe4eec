import { wordSet } from '../../model/table.ts';
import { isBelow, type UnreadText } from '../../model/draft.ts';
import { isOn } from '../../model/directives.ts';
import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import { innermostOf } from '../../model/mounts.ts';
import type { Process } from './process.ts';
import type { Started, Starts } from './starts.ts';
import { placeNamed } from './target-paths.ts';
import { unreadAt } from './unread-at.ts';

/** Whether owner, group and others may read, and enter; undefined where nothing says so. */
type Grants = readonly [boolean | undefined, boolean | undefined, boolean | undefined];

/** What is known of a path after commands have changed who may read it. */
interface Rights {
  readonly owner?: string;
  readonly group?: string;
  readonly grants: Grants;
  /** The last command that changed it. */
  readonly by: string;
  readonly location: LocatedText['location'] | undefined;
}

const unknown: Grants = [undefined, undefined, undefined];

/** A process that is not root's, with what commands before it may have closed to its user. */
export function withTakenAccess(
  process: Process,
  before: readonly Pick<Starts, 'started'>[],
): Process {
  const user = userBesideRoot(process.directives ?? []);
  if (user === undefined) return process;
  const rights = new Map<string, Rights>();
  for (const started of before.flatMap((starts) => starts.started)) change(rights, started);
  const taken = [...rights].filter(
    ([path, each]) => isClosed(each, user, process.directives ?? []) && concerns(path, process),
  );
  const doubts = taken.map(([path, { by, location }]): UnreadText => {
    const { file, line } = location ?? process.origin;
    const reason = `after \`${by}\` before the start, ${user} may not be able to read ${path}`;
    return unreadAt(
      file,
      line,
      reason,
      `let ${user} read ${path}, or leave its owner and mode as they are`,
    );
  });
  return doubts.length === 0 ? process : { ...process, doubts: [...process.doubts, ...doubts] };
}

/** Undefined for root, and where no user is stated. */
export function userBesideRoot(directives: readonly EnvironmentVariable[]): string | undefined {
  const said = (name: string) => directives.findLast((each) => each.name === name);
  const dynamic = said('DynamicUser');
  const user = said('User')?.value;
  if (user === undefined) return dynamic !== undefined && isOn(dynamic) ? 'its user' : undefined;
  return isRoot(user) ? undefined : user;
}

function isRoot(name: string | undefined): boolean {
  return name === 'root' || name === '0';
}

/** Whether etcd may read something there: what its settings name, and all where they are in another file. */
function concerns(path: string, { words, variables }: Process): boolean {
  if (/\.(?:pem|crt|cer|cert|key)$/.test(path)) return true;
  const texts = [...words.map(({ text }) => text), ...variables.map(({ value }) => value)];
  const named = texts.flatMap((text) => text.match(/\/[^\s=:,]+/g) ?? []);
  return (
    named.some((each) => isBelow(each, path)) || texts.some((text) => /config-file/.test(text))
  );
}

function change(rights: Map<string, Rights>, started: Started): void {
  const { program = '', condition } = started;
  if (!changesAccess(started)) return;
  const reachesBelow = isRecursive(started);
  for (const { path, said, location } of changesIn(started)) {
    const within = reachesBelow ? [...rights.keys()].filter((each) => isBelow(each, path)) : [];
    for (const each of new Set([path, ...within])) {
      const was = rights.get(each) ?? { grants: unknown };
      const now = { ...was, ...changed(program, said, was.grants), by: program, location };
      // What only some ways lead to may not have happened.
      if (condition === undefined || !isOpening(now, was)) rights.set(each, now);
    }
  }
}

const changers = wordSet('chgrp chmod chown');

export function changesAccess({ program = '' }: Started): boolean {
  return changers.has(program);
}

/** What another process changes, by the paths at which a process sees the same files. */
export function changesSeenBy(
  { mounts }: Pick<Process, 'mounts'>,
  others: readonly Pick<Process, 'mounts' | 'accessChanges'>[],
): readonly Started[] {
  return others.flatMap(({ mounts: theirs, accessChanges = [] }) =>
    accessChanges.map((started) => ({
      ...started,
      words: started.words.flatMap((word) => {
        if (!word.text.startsWith('/')) return [word];
        const [around] = innermostOf(word.text, theirs);
        if (around === undefined) return [];
        const same = mounts.filter(
          ({ from, source }) => from === around.from && source === around.source,
        );
        return same.map(({ inside }) => ({
          ...word,
          text: inside + word.text.slice(around.inside.length),
        }));
      }),
    })),
  );
}

function isRecursive({ words }: Started): boolean {
  return words.some(({ text }) => /^-\w*R|^--recursive$/.test(text));
}

interface Change {
  readonly location: LocatedText['location'] | undefined;
  readonly path: string;
  /** The owner or the mode. */
  readonly said: string;
}

/** `chmod MODE PATH…`, `chown OWNER PATH…`; a mode may begin with a dash. */
function changesIn({ words, directory }: Started): readonly Change[] {
  if (words.some(({ text }) => text.startsWith('--reference'))) return [];
  const [said, ...paths] = words.filter(({ text }) => !/^-(?![rwxXst]+$)|^--/.test(text));
  return paths.flatMap(({ text, location }) => {
    const path = placeNamed(text, directory);
    return said === undefined || path === undefined || path === ''
      ? []
      : [{ path, said: said.text, location }];
  });
}

function isOpening({ grants }: Pick<Rights, 'grants'>, was: Pick<Rights, 'grants'>): boolean {
  return grants.some((grant, index) => grant === true && was.grants[index] !== true);
}

function changed(program: string, said: string, grants: Grants): Partial<Rights> {
  if (program === 'chmod') return { grants: withMode(said, grants) };
  if (program === 'chgrp') return { group: said };
  const [owner = '', group] = said.split(/[:.]/);
  return { ...(owner !== '' && { owner }), ...(group !== undefined && group !== '' && { group }) };
}

/** The mode in octal, or clauses such as `u=rw,go-r` (chmod(1)). */
function withMode(said: string, before: Grants): Grants {
  if (/^[0-7]{1,4}$/.test(said)) {
    const mode = Number.parseInt(said, 8);
    return [(mode & 0o400) !== 0, (mode & 0o040) !== 0, (mode & 0o004) !== 0];
  }
  return said.split(',').reduce(withClause, before);
}

function withClause(grants: Grants, clause: string): Grants {
  const [, who = '', operator = '', what = ''] = /^([ugoa]*)([-+=])(.*)$/.exec(clause) ?? [];
  if (operator === '') return unknown;
  const names = who === '' || who.includes('a') ? 'ugo' : who;
  const reads = what.includes('r') || /[ugo]/.test(what);
  const of = (index: number): boolean | undefined => {
    if (!names.includes('ugo'.charAt(index))) return grants[index];
    if (operator === '=') return reads;
    return reads ? operator === '+' : grants[index];
  };
  return [of(0), of(1), of(2)];
}

/** Whether the user may be kept out. Its other groups are not known. */
function isClosed(
  rights: Rights,
  user: string,
  directives: readonly EnvironmentVariable[],
): boolean {
  const { owner, grants } = rights;
  const [, ofGroup, ofOthers] = grants;
  if (ofOthers === true) return false;
  const mayOwn = owner === undefined || owner === user || isOfOtherKind(owner, user);
  if (mayOwn) return grants.every((grant) => grant === false);
  return ofGroup === false || !mayBelong(rights, user, directives);
}

function mayBelong(
  { group }: Rights,
  user: string,
  directives: readonly EnvironmentVariable[],
): boolean {
  if (group === undefined || isRoot(group)) return false;
  const groups = directives.filter(({ name }) => /Group/.test(name)).map(({ value }) => value);
  return groups.length === 0 || group === user || groups.includes(group);
}

/** A name and a number may be of one user. */
function isOfOtherKind(owner: string, user: string): boolean {
  return !isRoot(owner) && /^\d+$/.test(owner) !== /^\d+$/.test(user);
}
