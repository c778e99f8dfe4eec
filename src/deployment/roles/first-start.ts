import type { Member } from '../../model/inventory.ts';
import type { ProblemReason } from '../../model/problem-words.ts';
import type { Problems, SettingsProblem } from '../../model/settings-problem.ts';
import { directoryOf, type GivenPaths } from './match-files.ts';

/** Where a member's data directory is, and who says so. */
interface DataDirectory {
  /** The settings file that names it. */
  readonly from: string;
  /** Its path on the host, where that is known. */
  readonly path: string | undefined;
  /** That of its log, where `wal-dir` states it. */
  readonly log?: { readonly path: string | undefined };
}

/**
 * Whether a member has started before; undefined where that is not known. It has where its data directory holds
 * a log, and not where the directory was looked through and does not: of a first start that etcd refuses
 * `member/snap/db` is left.
 */
export function hasStarted(
  { from, path, log }: DataDirectory,
  given: GivenPaths,
): boolean | undefined {
  const directory = log === undefined ? path : log.path;
  if (given.logs === undefined || directory === undefined) return undefined;
  const place = log === undefined ? `${directory}/member/wal` : directory;
  if (given.logs.some(isAt(place, from, given))) return true;
  const isLookedThrough = [...given.directories].some(isAt(directory, from, given));
  const isHidden = [place, directoryOf(place)].some((each) =>
    [...given.unopened].some(isAt(each, from, given)),
  );
  return isLookedThrough && !isHidden ? false : undefined;
}

/** Whether a directory is the one at a path of a host, by where the settings are that name it. */
function isAt(path: string, from: string, { maps }: GivenPaths): (directory: string) => boolean {
  const map = maps.find(({ prefix }) => `${path}/`.startsWith(`${prefix.replace(/\/+$/, '')}/`));
  const mapped = map === undefined ? undefined : map.directory + path.slice(map.prefix.length);
  const end = path.startsWith('/') ? path : `/${path}`;
  return (directory) =>
    directory === mapped ||
    directory === path ||
    (directory.endsWith(end) && from.startsWith(directory.slice(0, -end.length)));
}

/**
 * What etcd refuses of the settings that it reads at its first start alone: with a data directory it takes the
 * cluster from there (etcdserver/server.go NewServer; seen of 3.4.23, 3.5.30 and 3.6).
 */
const onlyAtFirst: ReadonlySet<ProblemReason> = new Set([
  'peer-url-not-in-cluster',
  'peer-url-not-in-default-cluster',
  'name-not-in-cluster',
  'default-name-not-in-cluster',
  'joins-without-others',
  'joins-without-list',
  'joins-joining-members',
  'joins-without-member',
  'discovery-while-joining',
  'duplicate-peer-url',
]);

function isOfFirstStart({ kind, why, name }: SettingsProblem): boolean {
  if (kind === 'refused-on-some-hosts') return true;
  if (kind !== 'refused-at-start') return false;
  return onlyAtFirst.has(why) || (why === 'unreadable-urls' && /initial.cluster$/i.test(name));
}

/** The problems that a member has, by whether it has started before. */
export function byStart(problems: Problems, started: Member['started']): Problems {
  if (started === true) return problems.filter((each) => !isOfFirstStart(each));
  if (started === false) return problems;
  return problems.map((each) =>
    isOfFirstStart(each) ? { ...each, kind: 'refused-at-first-start' } : each,
  );
}
