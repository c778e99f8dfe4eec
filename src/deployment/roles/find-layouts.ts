import { directoryOf } from './match-files.ts';
import { type Layout, type LayoutRole, layouts } from './layouts.ts';

/** A layout recognised in a directory. */
export interface FoundLayout {
  readonly layout: Layout;
  readonly directory: string;
}

/** What a layout says of one file. */
export interface LayoutPlace extends FoundLayout {
  readonly role: LayoutRole;
  /** The node in the file's name. */
  readonly host?: string;
}

export interface LayoutMap {
  readonly found: readonly FoundLayout[];
  /** By path of the file. */
  readonly places: ReadonlyMap<string, LayoutPlace>;
}

/** Recognises the layouts of installers by the names of the files in each directory. */
export function findLayouts(paths: readonly string[]): LayoutMap {
  const below = groupByDirectory(paths);
  const found: FoundLayout[] = [];
  const places = new Map<string, LayoutPlace>();
  for (const [directory, files] of below) {
    const layout = layouts.find((candidate) => fits(candidate, directory, files));
    if (layout === undefined) continue;
    found.push({ layout, directory });
    for (const place of placesIn(layout, directory, files)) {
      if (!places.has(place.path)) places.set(place.path, place.place);
    }
  }
  return { found, places };
}

/** The files up to three levels below each directory, and those that layouts name directly above, relative to it. */
type Neighbourhood = ReadonlyMap<string, ReadonlyMap<string, string>>;

function groupByDirectory(paths: readonly string[]): Neighbourhood {
  const groups = new Map<string, Map<string, string>>();
  for (const path of paths) {
    let directory = directoryOf(path);
    for (let level = 0; level < 3; level += 1) {
      const group = groups.get(directory) ?? new Map<string, string>();
      groups.set(directory, group.set(relative(path, directory), path));
      const above = directoryOf(directory);
      if (above === directory || directory === '.') break;
      directory = above;
    }
  }
  for (const [directory, group] of groups) addAbove(group, groups.get(directoryOf(directory)));
  return groups;
}

function addAbove(
  group: Map<string, string>,
  above: ReadonlyMap<string, string> = new Map(),
): void {
  if (above === group) return;
  for (const name of namedAbove) {
    const path = above.get(name);
    if (path !== undefined) group.set(`../${name}`, path);
  }
}

/** Their names have no `{host}` in them. */
const namedAbove: ReadonlySet<string> = new Set(
  layouts
    .flatMap(({ needs, roles }) => [...needs, ...Object.keys(roles)])
    .flatMap((name) => (name.startsWith('../') ? [name.slice(3)] : [])),
);

function relative(path: string, directory: string): string {
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : path;
}

/** What a name has in the place of `{host}`: nothing where the pattern has none, undefined where the two do not match. */
function hostIn(name: string, pattern: string): string | undefined {
  const [before = '', after] = pattern.split('{host}');
  if (after === undefined) return name === pattern ? '' : undefined;
  const host = name.slice(before.length, -after.length || undefined);
  const isWhole = name === `${before}${host}${after}` && host !== '' && !host.includes('/');
  return isWhole ? host : undefined;
}

function fits(
  { needs, under }: Layout,
  directory: string,
  files: ReadonlyMap<string, string>,
): boolean {
  if (under !== undefined && !under.test(directory)) return false;
  return needs.every((need) => {
    if (!need.includes('{')) return files.has(need);
    for (const name of files.keys()) if (hostIn(name, need) !== undefined) return true;
    return false;
  });
}

function placesIn(layout: Layout, directory: string, files: ReadonlyMap<string, string>) {
  const roles = Object.entries(layout.roles);
  return [...files].flatMap(([name, path]) => {
    if (name.endsWith('-key.pem')) return [];
    for (const [pattern, role] of roles) {
      const host = hostIn(name, pattern);
      if (host === undefined) continue;
      return [{ path, place: { layout, directory, role, ...(host !== '' && { host }) } }];
    }
    return [];
  });
}
