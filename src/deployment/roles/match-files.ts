import { oncePerText } from '../../model/once.ts';
import type { FileMatch } from '../../model/inventory.ts';
import type { PathMap } from '../../model/stated-inventory.ts';
import { isBelow } from '../../model/draft.ts';
import { groupBy } from '../../model/group-by.ts';
import { placeOnMachine, rootAround } from '../../model/machine-root.ts';
import { type Place, placesOf, type ProcessView } from '../process/place.ts';
import { doubtOfStart, fromDirectory } from '../process/start.ts';

/** The files given, ready to be asked for by deployed path. */
export interface GivenPaths {
  readonly all: ReadonlySet<string>;
  /** Those that could not be opened: whether each is a file or a directory is not known. */
  readonly unopened: ReadonlySet<string>;
  readonly byName: ReadonlyMap<string, readonly string[]>;
  readonly maps: readonly PathMap[];
  /** Directories of which every file was looked at, and those that hold private keys. */
  readonly directories: ReadonlySet<string>;
  /** Those with a write-ahead log; absent where that was not looked for. */
  readonly logs?: readonly string[];
  /** Those and every directory above them. */
  readonly ancestors: ReadonlySet<string>;
  readonly keyDirectories: ReadonlySet<string>;
  readonly contentOf: ContentOf;
  /** What one host sees: its own files by their paths there, and files given without a host. */
  readonly onHost: (host: string | undefined) => HostView;
}

/** Equal for files that hold the same certificates; undefined for a file that holds anything else. */
type ContentOf = (path: string) => string | undefined;

interface HostView {
  readonly given: GivenPaths;
  /** The path of the fact behind a path of the host. */
  readonly factPath: (path: string) => string;
  /** The path on the host of a fact's path. */
  readonly ownPath: (path: string) => string;
}

/** What is known of the paths given, apart from the paths. */
interface Indexed {
  /** Those of private keys. */
  readonly keys?: readonly string[];
  /** Directories of which every file was looked at. */
  readonly directories?: readonly string[];
  readonly unopened?: readonly string[];
  readonly logs?: readonly string[];
  /** Leads from files that several hosts have alike to the one that represents them all. */
  readonly shared?: ReadonlyMap<string, string>;
  readonly contentOf?: ContentOf;
}

/** Indexes paths. */
export function givenPaths(
  paths: readonly string[],
  maps: readonly PathMap[],
  {
    keys = [],
    directories = [],
    unopened = [],
    shared = new Map(),
    contentOf = () => undefined,
    logs,
  }: Indexed = {},
): GivenPaths {
  const distinct = paths.filter((path) => !shared.has(path));
  const views = new Map<string, HostView>();
  const longestFirst = maps.toSorted((a, b) => b.prefix.length - a.prefix.length);
  const given: GivenPaths = {
    all: new Set(distinct),
    unopened: new Set(unopened),
    byName: groupBy(distinct, baseName),
    maps: longestFirst,
    directories: new Set(directories),
    ...(logs && { logs }),
    ancestors: ancestorsOf(paths),
    keyDirectories: new Set(keys.map(directoryOf)),
    contentOf,
    onHost: (host) => {
      if (host === undefined) return { given, factPath: same, ownPath: same };
      const indexed = { keys, directories, unopened, shared, contentOf, ...(logs && { logs }) };
      const view = views.get(host) ?? viewFrom(host, { paths, maps, ...indexed });
      views.set(host, view);
      return view;
    },
  };
  return given;
}

function ancestorsOf(paths: readonly string[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const path of paths) {
    for (
      let above = directoryOf(path);
      above !== '' && !all.has(above);
      above = directoryOf(above)
    ) {
      all.add(above);
    }
  }
  return all;
}

const same = (path: string): string => path;

interface AllPaths extends Required<Omit<Indexed, 'logs'>>, Pick<Indexed, 'logs'> {
  readonly paths: readonly string[];
  readonly maps: readonly PathMap[];
}

function viewFrom(host: string, { paths, maps, shared, ...indexed }: AllPaths): HostView {
  const start = `${host}:`;
  const ownPath = (path: string): string =>
    path.startsWith(start) ? path.slice(start.length).replace(/^\.\//, '') : path;
  const isSeen = (path: string): boolean => path.startsWith(start) || !hostPrefix.test(path);
  const facts = new Map<string, string>();
  for (const path of paths.filter(isSeen)) {
    const own = ownPath(path);
    if (path.startsWith(start) || !facts.has(own)) facts.set(own, path);
  }
  const own = (all: readonly string[]): readonly string[] => all.filter(isSeen).map(ownPath);
  const given = givenPaths([...facts.keys()], maps, {
    keys: own(indexed.keys),
    directories: own(indexed.directories),
    unopened: own(indexed.unopened),
    ...(indexed.logs && { logs: own(indexed.logs) }),
    contentOf: (path) => indexed.contentOf(facts.get(path) ?? path),
  });
  const factPath = (path: string): string => {
    const fact = facts.get(path) ?? path;
    return shared.get(fact) ?? fact;
  };
  return { given, ownPath, factPath };
}

/** How paths of named hosts begin where there are several. */
const hostPrefix = /^[^/:]+:[^/]*\//;

/** Who names a path: its mounts lead out of the container, its own place decides between namesakes. */
export interface Viewpoint extends ProcessView {
  /** The settings file that names the path. */
  readonly from?: string;
  /** The host whose settings name it, where there are several. */
  readonly host?: string;
  /** Whether a private key is meant: keys are left out where certificates are collected for audit. */
  readonly isKey?: boolean;
}

/**
 * Finds the given file for a path as deployed: by mounts and `--map`, else as it is, else
 * by as much of the end of the path as it takes to be unique.
 */
export function matchFile(deployed: string, all: GivenPaths, viewpoint: Viewpoint): FileMatch {
  const { given, factPath, ownPath } = all.onHost(viewpoint.host);
  const { from } = viewpoint;
  const seen = { ...viewpoint, ...(from !== undefined && { from: ownPath(from) }) };
  const { file, ...found } = matchFrom(deployed, given, seen);
  return { deployed, ...found, ...(file !== undefined && { file: factPath(file) }) };
}

function matchFrom(written: string, given: GivenPaths, viewpoint: Viewpoint): Found {
  // It counts as a part of the name.
  if (/^[/'"]/.test(written)) return matchOnHost(written, given, viewpoint);
  const mapped = throughMap(mapPath(normalized(written), given), given, viewpoint);
  if (mapped !== undefined) return mapped;

  const found = matchOnHost(fromDirectory(written, viewpoint), given, viewpoint);
  const doubt = doubtOfStart(written, found, viewpoint);
  if (doubt === undefined) return found;
  const { missing: _missing, instead: _instead, ...rest } = found;
  return { ...rest, doubt };
}

function matchOnHost(path: string, given: GivenPaths, viewpoint: Viewpoint): Found {
  const matches = placesOf(normalized(path), viewpoint).map((place) =>
    matchAt(place, path, given, viewpoint),
  );
  const found = matches.find(({ file }) => file !== undefined);
  const open = matches.find(({ missing, barrier }) => missing !== true && barrier === undefined);
  return found ?? open ?? matches[0] ?? { because: 'nothing leads there' };
}

type Found = Omit<FileMatch, 'deployed'>;

function matchAt(place: Place, path: string, given: GivenPaths, viewpoint: Viewpoint): Found {
  switch (place.kind) {
    case 'absent':
      return { barrier: place.barrier, because: place.because };
    case 'unseen':
      return unseenAt(place.holder, path, given);
    case 'written': {
      const file = normalized(path);
      const seen = place.isOnHost
        ? lookAt(file, given, 'a file with this path was given')
        : undefined;
      return seen ?? writtenAt(file, place.by, given);
    }
    case 'same': {
      const { doubt } = place;
      const found = foundAt(withEnd(normalized(path), path), given, viewpoint);
      return { ...found, ...(doubt && { doubt }) };
    }
    case 'outside': {
      const there = foundAt(withEnd(place.path, path), given, viewpoint, place.holder);
      const found = unlessOfHost(there, path, place);
      return { ...found, because: `${place.because}; ${found.because}` };
    }
  }
}

/** Directories of a machine, by which a copy of its file system is known. */
const ofHost = /^\/(?:etc|opt|run|srv|usr|var)\/[^/]+\//;

/** A given file that lies at the very path within a container or chroot is the host's, and another one than what leads there. */
function unlessOfHost(
  found: Found,
  path: string,
  { path: outside, holder }: Extract<Place, { kind: 'outside' }>,
): Found {
  const { file } = found;
  const ends = (end: string) => file === end.slice(1) || file?.endsWith(end) === true;
  const isElsewhere =
    holder === undefined && ofHost.test(path) && ends(normalized(path)) && !ends(outside);
  if (!isElsewhere || !outside.startsWith('/')) return found;
  const directory = directoryOf(outside);
  return {
    because: `${file} is at ${path} of the host, and what leads to ${outside} was not given`,
    give: `give ${outside}; if ${file} is that file, say so with \`--map ${directory}=${directoryOf(file ?? '')}\``,
  };
}

function foundAt(path: string, given: GivenPaths, viewpoint: Viewpoint, holder?: string): Found {
  return (
    throughMap(mapPath(path, given), given, viewpoint) ??
    asItIs(path, given, viewpoint) ??
    (holder === undefined
      ? throughName(path, given, viewpoint)
      : inHolder(path, holder, given, viewpoint))
  );
}

/** Only who says where a copy of it is knows what it holds. */
function unseenAt(holder: string, deployed: string, given: GivenPaths): Found {
  const path = normalized(deployed);
  const directory = directoryOf(path);
  return (
    throughMap(mapPath(path, given), given, {}) ?? {
      ...notGiven(path, holder),
      give: `copy the files of ${holder} to a directory, and name it with \`--map ${directory}=DIRECTORY\``,
    }
  );
}

/** A given file of the same name may be what a command leaves there, and may be another one. */
function writtenAt(path: string, by: string, given: GivenPaths): Found {
  const holder = `what \`${by}\` may write there`;
  const directory = directoryOf(path);
  const [namesake] = given.byName.get(baseName(path)) ?? [];
  const give =
    namesake === undefined
      ? `copy what it writes to a directory, and name it with \`--map ${directory}=DIRECTORY\``
      : `if ${namesake} is that file, say so with \`--map ${directory}=${directoryOf(namesake)}\``;
  return (
    throughMap(mapPath(path, given), given, {}) ?? {
      holder,
      give,
      because: `${holder} was not given`,
    }
  );
}

function notGiven(path: string, holder: string): Found {
  const held = `${baseName(path)} of ${holder}`;
  return { holder: held, because: `${held} was not given` };
}

/** A path that ends in a slash or a dot leads to a directory, or nowhere (path_resolution(7)). */
function withEnd(path: string, deployed: string): string {
  return /\/\.{0,2}$/.test(deployed) && !path.endsWith('/') ? `${path}/` : path;
}

function throughName(path: string, given: GivenPaths, viewpoint: Viewpoint): Found {
  if (/^['"]/.test(path)) {
    return {
      missing: true,
      because: 'the path begins with a quotation mark, which counts as a part of the name',
    };
  }
  const all = given.byName.get(baseName(path)) ?? [];
  const root = path.startsWith('/') ? rootAround(viewpoint.from ?? '') : undefined;
  const namesakes =
    root === undefined
      ? all
      : all.filter((file) => [path, undefined].includes(placeOnMachine(file, root)));
  if (namesakes.length > 0) return pickNamesake(path, namesakes, given, viewpoint.from);
  const [elsewhere] = all;
  if (elsewhere !== undefined) {
    return { because: `${elsewhere} is at another path of its machine` };
  }
  return isLookedThrough(path, given, viewpoint)
    ? { missing: true, because: `${directoryOf(path)} was given, but does not contain the file` }
    : { because: 'no file of this name was given' };
}

/** A file of the same name elsewhere is not what a Secret or ConfigMap holds. */
function inHolder(path: string, holder: string, given: GivenPaths, viewpoint: Viewpoint): Found {
  const [kind = '', namespace = '', ...rest] = path.split('/');
  // `kubectl apply --namespace` puts what states no namespace into any one.
  const namesakes = (given.byName.get(baseName(path)) ?? []).filter((other) => {
    const [otherKind, otherNamespace = '', ...otherRest] = other.split('/');
    const isStated = namespace !== 'default' && otherNamespace !== 'default';
    return otherKind === kind && !isStated && otherRest.join('/') === rest.join('/');
  });
  const [only] = namesakes;
  if (only !== undefined && namesakes.length === 1) {
    return { file: only, because: `no other namespace has this ${holder.split(' ')[0]}` };
  }
  return isLookedThrough(path, given, viewpoint)
    ? { missing: true, because: `${holder} was given, but does not contain ${baseName(path)}` }
    : notGiven(path, holder);
}

/** Whether a file that is not among those given would be if it existed. */
function isLookedThrough(
  path: string,
  { directories, keyDirectories }: GivenPaths,
  { isKey = false }: Viewpoint,
): boolean {
  const directory = directoryOf(path);
  return directories.has(directory) && (!isKey || keyDirectories.has(directory));
}

interface MappedPath {
  readonly path: string;
  readonly map: PathMap;
}

function mapPath(path: string, { maps }: GivenPaths): MappedPath | undefined {
  const map = maps.find(({ prefix }) => isBelow(path, prefix.replace(/(?<!\/)\/+$/, '')));
  if (map === undefined) return undefined;
  const rest = path.slice(map.prefix.replace(/(?<!\/)\/+$/, '').length);
  return { path: `${map.directory}${rest.startsWith('/') ? '' : '/'}${rest}`, map };
}

function throughMap(
  mapped: MappedPath | undefined,
  given: GivenPaths,
  viewpoint: Viewpoint,
): Found | undefined {
  if (mapped === undefined) return undefined;
  const { path, map } = mapped;
  const file = normalized(path);
  const option = `--map ${map.prefix}=${map.directory}`;
  const found = lookAt(path, given, `${option} leads there`);
  if (found !== undefined || !isLookedThrough(file, given, viewpoint)) return found;
  return { missing: true, because: `${option} leads to ${file}, which does not exist` };
}

function asItIs(path: string, given: GivenPaths, { from }: Viewpoint): Found | undefined {
  const found = lookAt(path, given, 'a file with this path was given');
  if (found !== undefined || path.startsWith('/') || from === undefined) return found;
  return lookAt(`${directoryOf(from)}/${path}`, given, `the file is next to ${from}`);
}

/** What is at a path, by the files given: one of them, a directory that holds some, or nothing behind a file. */
function lookAt(path: string, given: GivenPaths, because: string): Found | undefined {
  const file = normalized(path);
  const { all, ancestors, unopened } = given;
  if (ancestors.has(file)) {
    return { missing: true, instead: 'directory', because: `${file} is a directory` };
  }
  const isFile = all.has(file);
  if (isFile && !path.endsWith('/')) return { file, because };
  const above = isFile && !unopened.has(file) ? file : fileAbove(file, given);
  return above === undefined
    ? undefined
    : {
        missing: true,
        instead: 'not-a-directory',
        because: `${above} is a file, not a directory`,
      };
}

function fileAbove(path: string, given: GivenPaths): string | undefined {
  const above = directoryOf(path);
  if (above === '' || above === '.') return undefined;
  return given.all.has(above) && !given.unopened.has(above) ? above : fileAbove(above, given);
}

/** Of files with the same name: the one whose path ends most alike, then the one nearest to the settings. */
function pickNamesake(
  path: string,
  namesakes: readonly string[],
  given: GivenPaths,
  from: string | undefined,
): Omit<FileMatch, 'deployed'> {
  const [only] = namesakes;
  if (only === undefined) return { because: 'no file of this name was given' };
  if (namesakes.length === 1)
    return { file: only, by: 'name', because: 'no other file has this name' };

  const alike = mostBy(namesakes, (file) => commonEnd(file, path));
  const [likest] = alike;
  if (alike.length === 1 && likest !== undefined) {
    return {
      file: likest,
      by: 'name',
      because: 'of the files with this name, its path is the most similar to the deployed path',
    };
  }
  return nearestOf(alike, given, from);
}

function nearestOf(
  alike: readonly string[],
  { contentOf }: GivenPaths,
  from: string | undefined,
): Omit<FileMatch, 'deployed'> {
  const near = from === undefined ? [] : mostBy(alike, (file) => commonStart(file, from));
  const [nearest] = near;
  if (near.length === 1 && nearest !== undefined) {
    return {
      file: nearest,
      by: 'name',
      because: `of the files with this name, it is closest to ${from}`,
    };
  }
  const [first] = alike;
  const contents = new Set(alike.map(contentOf));
  if (first !== undefined && contents.size === 1 && !contents.has(undefined)) {
    return { file: first, by: 'name', because: 'the files with this name have the same content' };
  }
  const shown = alike.slice(0, 3).join(', ');
  return {
    by: 'several',
    because: `${alike.length} files have this name (${shown}${alike.length > 3 ? '…' : ''}); use --map to choose one`,
  };
}

function mostBy(items: readonly string[], score: (item: string) => number): readonly string[] {
  const scores = items.map(score);
  const most = scores.reduce((high, each) => Math.max(high, each), 0);
  return items.filter((_, index) => scores[index] === most);
}

function commonEnd(left: string, right: string): number {
  return commonLength(left.split('/').toReversed(), right.split('/').toReversed());
}

function commonStart(left: string, right: string): number {
  // What a file holds is `FILE#PATH`, and nearest to that file.
  return commonLength(left.split(/[/#]/), right.split(/[/#]/));
}

function commonLength(left: readonly string[], right: readonly string[]): number {
  const differs = left.findIndex((part, index) => part !== right[index]);
  return differs < 0 ? left.length : differs;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '.' : path.slice(0, slash);
}

/** Without `.` and `..`, as the walk over directories writes paths. */
export const normalized: (path: string) => string = oncePerText((path) => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/');
});
