import { isBelow, type Mount } from '../../model/draft.ts';
import { groupBy } from '../../model/group-by.ts';
import { innermostOf, leadsThrough } from '../../model/mounts.ts';
import { once } from '../../model/once.ts';
import type { Process } from './process.ts';
import type { Starts } from './starts.ts';
import { isEtcd } from './programs.ts';
import { isFilledIn, isFollowed, isTool, type Target, targetsOf } from './write-targets.ts';
import { baseName } from './words.ts';

/**
 * What commands leave at paths before a process opens its files, or after: it opens some again at each handshake. A
 * given file of the same name is not known to be what is there.
 */
export function withPreparedFiles(
  process: Process,
  before: readonly Starts[],
  after: readonly Starts[] = [],
): Process {
  const { programs } = effectsOf(before);
  const targets = [before, after].flatMap((commands) => effectsOf(commands).targets);
  const prepared = targets.flatMap((target) => mountsOf(target, process));
  const { unseenPrograms = [] } = process;
  const unseen = [...new Set([...unseenPrograms, ...programs])];
  if (prepared.length === 0 && unseen.length === unseenPrograms.length) return process;
  return {
    ...process,
    mounts: [...process.mounts, ...prepared],
    ...(unseen.length > 0 && { unseenPrograms: unseen }),
  };
}

/** Asked for each process that a script starts. */
const effectsOf = once((before: readonly Starts[]) => ({
  targets: preparedBy(before),
  programs: new Set(before.flatMap(unseenIn)),
}));

/** Programs that run before a process and are nothing but their names here: of a tool its words say what it does. */
function unseenIn({ started, missing }: Starts): readonly string[] {
  const isOfEtcd = started.some(({ program = '' }) => isEtcd(program));
  const sourced = isOfEtcd ? [] : missing.map(baseName);
  const run = started
    .filter(
      ({ program = '', words }) =>
        !isFilledIn(program) && !isFollowed({ program, words }) && !isTool(program),
    )
    .flatMap(({ program }) => program ?? []);
  return [...sourced, ...run];
}

/** What is written on a host, as a container sees it whose own mounts lead there. */
export function writtenWithin(own: readonly Mount[], ofHost: readonly Mount[]): readonly Mount[] {
  const mounts = own.filter(isOfHost);
  return ofHost.flatMap((written) =>
    written.from === 'written'
      ? mounts.flatMap(({ inside, source }) => moved(written, source, inside))
      : [],
  );
}

/**
 * What a process in a container may write, as its host sees it. A program that is not known may write wherever the
 * container can.
 */
export function writtenOutside(process: Process, isOpen = true): readonly Mount[] {
  const { program = '', readOnly = [], unseenPrograms = [] } = process;
  const mounts = process.mounts.filter(
    (mount) => isOfHost(mount) && !readOnly.includes(mount.inside),
  );
  const written = process.mounts.filter(({ from }) => from === 'written');
  const [
    unseen = written.length === 0 && !isFollowed({ ...process, program }) ? program : undefined,
  ] = unseenPrograms;
  if (isOpen && unseen !== undefined) {
    return mounts.map(({ source }) => ({ inside: source, from: 'written', source: unseen }));
  }
  return written.flatMap((each) => {
    const [around] = innermostOf(each.inside, mounts);
    const below = mounts.filter(({ inside }) => leadsThrough(inside, each.inside));
    const all = each.inside.startsWith('/') ? [...(around ? [around] : []), ...below] : mounts;
    return [...new Set(all)].flatMap(({ inside, source }) => moved(each, inside, source));
  });
}

/** What is written at a place below one directory, or around it, as another directory has it that is the same. */
function moved(written: Mount, from: string, to: string): readonly Mount[] {
  const { inside: path } = written;
  if (leadsThrough(from, path)) return [{ ...written, inside: to }];
  if (path.startsWith('/')) {
    return isBelow(path, from) ? [{ ...written, inside: to + path.slice(from.length) }] : [];
  }
  // The directory may end with what the path begins with.
  const parts = path.split('/');
  const shared = parts.flatMap((_, index) => {
    const isEnd = leadsThrough(from, parts.slice(0, index).join('/')) && index > 0;
    return isEnd ? [{ ...written, inside: [to, ...parts.slice(index)].join('/') }] : [];
  });
  return [written, ...shared];
}

function isOfHost({ from }: Mount): boolean {
  return from === 'host';
}

/** The paths that commands may write, each once. What is written more than once is not followed. */
export function preparedBy(before: readonly Starts[]): readonly Target[] {
  const targets = before.flatMap(({ outputs, started, unfollowed }): readonly Target[] => [
    ...outputs,
    ...started.flatMap(targetsOf),
    // What is not followed may write anything.
    ...(unfollowed.length > 0 ? [{ path: '', by: 'sh' }] : []),
  ]);
  const all = groupBy(targets, ({ path }) => path);
  if (all.size > mostTargets) return [{ path: '', by: targets[0]?.by ?? 'sh' }];
  const paths = [...all.keys()];
  return [...all].flatMap(([path, [first, ...others]]): readonly Target[] => {
    if (first.source === undefined) return [first];
    const { source, ...target } = first;
    const isOpen =
      others.some((other) => other.source !== source) ||
      paths.some(
        (other) => leadsThrough(source, other) || (other !== path && leadsThrough(path, other)),
      );
    return [isOpen ? target : first];
  });
}

/** Whether commands may write a path. */
export function preparedPaths(before: readonly Starts[]): (path: string) => boolean {
  const targets = preparedBy(before);
  return (path) => targets.some((target) => leadsThrough(path, target.path));
}

/** Scripts write few certificates; one that writes more files may write any. */
export const mostTargets = 256;

function mountsOf({ path, source, by }: Target, process: Process): readonly Mount[] {
  const { contained, mounts } = process;
  const written: Mount = { inside: path, from: 'written', source: by };
  if (source === undefined) {
    const within = mounts.filter((mount) => isOfHost(mount) && leadsThrough(mount.inside, path));
    return [
      written,
      ...within.map(({ inside }) => ({ ...written, inside })),
      ...relativeTo(process, written),
      // What is written to a directory is there under its other path too.
      ...(contained === true ? [] : writtenWithin(mounts, [written])),
    ];
  }
  if (contained !== true) return [{ inside: path, from: 'host', source }];
  const [around] = innermostOf(source, mounts);
  if (around === undefined || around.from === 'written') return [written];
  return [{ ...around, inside: path, source: around.source + source.slice(around.inside.length) }];
}

/** The same place, as a relative path leads there. */
function relativeTo({ directory = '/' }: Process, written: Mount): readonly Mount[] {
  const { inside } = written;
  if (directory === '/' || !inside.startsWith('/')) return [];
  if (isBelow(directory, inside)) return [{ ...written, inside: '.' }];
  const isWithin = isBelow(inside, directory);
  return isWithin ? [{ ...written, inside: `.${inside.slice(directory.length)}` }] : [];
}
