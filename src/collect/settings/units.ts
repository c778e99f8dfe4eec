import type { TextFile } from '../../model/draft.ts';
import { isLeftover } from '../../model/leftovers.ts';
import type { UnitFiles } from './systemd.ts';
import { baseName } from './words.ts';

/** The folders of administrators and packages with units, from the one that wins to the one that gives way. */
export const unitFolders = ['etc', 'run', 'usr/local/lib', 'usr/lib', 'lib'];

/** All folders from which systemd takes units, in that order (systemd.unit(5)). */
const searched = [
  'etc/systemd/system.control',
  'run/systemd/system.control',
  'run/systemd/transient',
  'run/systemd/generator.early',
  'etc/systemd/system',
  'etc/systemd/system.attached',
  'run/systemd/system',
  'run/systemd/system.attached',
  'run/systemd/generator',
  'usr/local/lib/systemd/system',
  'usr/lib/systemd/system',
  'lib/systemd/system',
  'run/systemd/generator.late',
];

/** Files in different ones belong together. */
const systemdFolders = new RegExp(String.raw`(?:^|/)(?:${searched.map(quoted).join('|')})/?$`);

interface Group {
  readonly root: string;
  readonly unit: string;
  readonly fragments: TextFile[];
  readonly dropIns: TextFile[];
}

/** Sorts unit files and drop-ins by the unit that they make up; `paths` are those of all files given. */
export function groupUnits(
  files: readonly TextFile[],
  paths: readonly string[] = [],
): readonly UnitFiles[] {
  const groups = new Map<string, Group>();
  const loose: TextFile[] = [];
  const managers = files.filter(isOfManager);
  for (const file of files.filter((each) => !isOfManager(each) && !isPassedOver(each.path))) {
    const placed = placeOf(file.path);
    if (placed === undefined) {
      loose.push(file);
      continue;
    }
    const { root, unit, isDropIn } = placed;
    const key = `${root}|${unit}`;
    const group = groups.get(key) ?? { root, unit, fragments: [], dropIns: [] };
    if (isDropIn) group.dropIns.push(file);
    else group.fragments.push(file);
    groups.set(key, group);
  }
  adopt(loose, [...groups.values()]);
  const strays = loose.filter(
    (file) => ![...groups.values()].some(({ dropIns }) => dropIns.includes(file)),
  );
  const units = instancesOf([...groups.values()], paths);
  return [
    ...units.map((group) => unitOf(group, managersOf(group, managers))),
    ...groupLoose(strays),
  ];
}

/** The configuration of the service manager, where it gives variables to all services (systemd-system.conf(5)). */
export function isOfManager({ path, text }: TextFile): boolean {
  return managerFile.test(path) && /^[ \t]*DefaultEnvironment[ \t]*=/m.test(text);
}

const managerFile = /(?:^|\/)system\.conf(?:\.d\/[^/]+\.conf)?$/;

function rootOfManager(path: string): string {
  return path
    .replace(managerFile, '')
    .replace(/(?:^|\/)(?:etc|run|usr\/local\/lib|usr\/lib|lib)\/systemd$/, '');
}

/** Those of its host: the main file, and drop-ins by their names. */
function managersOf({ root }: Group, managers: readonly TextFile[]): readonly TextFile[] {
  const own = managers.filter(({ path }) => rootOfManager(path) === root);
  const main = own.filter(({ path }) => baseName(path) === 'system.conf');
  const [first] = main.toSorted((left, right) => rank(left.path) - rank(right.path));
  return [...(first ? [first] : []), ...inOrder(own.filter((file) => !main.includes(file)))];
}

/** systemd reads drop-ins by their ending (systemd.unit(5)). */
function isPassedOver(path: string): boolean {
  return !path.endsWith('.conf') && /\.service\.d\/[^/]*$/.test(path);
}

function unitOf({ unit, fragments, dropIns }: Group, managers: readonly TextFile[]): UnitFiles {
  const [fragment] = fragments.toSorted((left, right) => rank(left.path) - rank(right.path));
  return {
    unit,
    isNamed: true,
    ...(fragment && { fragment }),
    dropIns: inOrder(dropIns),
    managers,
    replaced: [...fragments.filter((file) => file !== fragment), ...replacedIn(dropIns)],
  };
}

/** Drop-ins of which another one with the same name takes the place. */
function replacedIn(dropIns: readonly TextFile[]): readonly TextFile[] {
  const kept = inOrder(dropIns);
  return dropIns.filter((file) => !kept.includes(file));
}

function rank(path: string): number {
  if (enabling.test(folderOf(path))) return searched.length + 1;
  const index = searched.findIndex((folder) =>
    new RegExp(String.raw`(?:^|/)${quoted(folder)}(?:/|\.conf(?:\.d/|$))`).test(path),
  );
  return index < 0 ? searched.length : index;
}

/** Templates become the units whose instances are known: by a unit or drop-in of their own, or by a file that `%i` leads to. */
function instancesOf(groups: readonly Group[], paths: readonly string[]): readonly Group[] {
  const shared = groups.filter(isShared);
  const rest = groups.filter((group) => !isShared(group));
  const isTemplate = ({ unit }: Group) => unit.endsWith('@.service');
  const templates = rest.filter(isTemplate);
  const plain = rest.filter((group) => !isTemplate(group));
  const templateOf = ({ root, unit }: Group) =>
    templates.find(
      (each) => each.root === root && each.unit === unit.replace(/^([^@]*@).*\./s, '$1.'),
    );

  const named = plain.map((group) => withTemplate(group, templateOf(group)));
  const used = new Set(plain.flatMap((group) => templateOf(group) ?? []));
  const idle = templates
    .filter((template) => !used.has(template))
    .flatMap((template) => instancesByFiles(template, paths));
  return [...named, ...idle].map((group) => ({
    ...group,
    dropIns: [...sharedBy(group, shared), ...group.dropIns],
  }));
}

/** Drop-ins of all services, `service.d`, or of those whose names begin alike, `etcd-.service.d`. */
function isShared({ unit, fragments }: Group): boolean {
  return fragments.length === 0 && /^(?:.+-\.)?service$/.test(unit);
}

/** Those of a unit, from the most general to the one that wins. */
function sharedBy({ root, unit }: Group, shared: readonly Group[]): readonly TextFile[] {
  return shared
    .filter((each) => each.root === root && isBeginningOf(each.unit, unit))
    .toSorted((left, right) => left.unit.length - right.unit.length)
    .flatMap(({ dropIns }) => dropIns);
}

/** `etcd-.service` is of `etcd-member.service` and of all other units with this name before a dash. */
function isBeginningOf(shared: string, unit: string): boolean {
  if (shared === 'service') return true;
  const beginning = shared.slice(0, -'.service'.length);
  return unit.startsWith(beginning) && unit.length > shared.length && !unit.includes('@');
}

function withTemplate(group: Group, template: Group | undefined): Group {
  if (template === undefined) return group;
  const fragments = group.fragments.length === 0 ? template.fragments : group.fragments;
  return { ...group, fragments, dropIns: [...template.dropIns, ...group.dropIns] };
}

function instancesByFiles(template: Group, paths: readonly string[]): readonly Group[] {
  const texts = [...template.fragments, ...template.dropIns].map(({ text }) => text).join('\n');
  const named =
    texts.match(/^[ \t]*EnvironmentFile[ \t]*=[ \t]*-?[^\s%]*%[iI][^\s%]*[ \t]*$/gm) ?? [];
  const patterns = named.map((line) => {
    const path = line
      .slice(line.indexOf('=') + 1)
      .trim()
      .replace(/^-/, '');
    const [before = '', after = ''] = path.split(/%[iI]/);
    return new RegExp(`${quoted(before)}([^/]+)${quoted(after)}$`);
  });
  const instances = patterns.flatMap((pattern) =>
    paths.flatMap((path) => pattern.exec(`/${path}`)?.[1] ?? []),
  );
  if (instances.length === 0) return [template];
  return [...new Set(instances)].map((instance) => ({
    ...template,
    unit: template.unit.replace('@.', `@${instance}.`),
  }));
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** A drop-in next to the only unit of its folder is assumed to belong to that unit. */
function adopt(loose: readonly TextFile[], units: readonly Group[]): void {
  for (const file of loose.filter(({ path }) => !isLeftover(path))) {
    const folder = folderOf(file.path);
    const near = units.filter(({ fragments }) =>
      fragments.some(({ path }) => folderOf(path) === folder),
    );
    const [only] = near;
    if (near.length === 1 && only !== undefined) only.dropIns.push(file);
  }
}

/**
 * Drop-ins outside any `.d` folder: several in one folder are parts of one unit when no two
 * of them set the same variable, else each is of another host.
 */
function groupLoose(files: readonly TextFile[]): readonly UnitFiles[] {
  const folders = [...new Set(files.map(({ path }) => folderOf(path)))];
  return folders.flatMap((folder) => {
    const together = files.filter(({ path }) => folderOf(path) === folder);
    const names = together.flatMap(({ text }) => [...new Set(text.match(/\bETCD\w*(?==)/g))]);
    const parts =
      new Set(names).size === names.length ? [together] : together.map((file) => [file]);
    return parts.map((dropIns) => ({
      unit: baseName(dropIns[0]?.path ?? ''),
      isNamed: false,
      dropIns: inOrder(dropIns),
      managers: [],
      replaced: replacedIn(dropIns),
    }));
  });
}

function placeOf(path: string): { root: string; unit: string; isDropIn: boolean } | undefined {
  const folder = folderOf(path);
  const dropInFolder = /^(.*\/)?([^/]+)\.d$/s.exec(folder);
  if (dropInFolder !== null) {
    const [, above = '', unit = ''] = dropInFolder;
    return { root: rootOf(above), unit, isDropIn: true };
  }
  const unit = baseName(path);
  if (!unit.endsWith('.service')) return undefined;
  return { root: rootOf(folder), unit, isDropIn: false };
}

/** The path above systemd's folder, so that two hosts' files side by side stay apart. */
function rootOf(folder: string): string {
  return folder.replace(/\/$/, '').replace(enabling, '').replace(systemdFolders, '');
}

/** `systemctl enable` puts links to units there: `multi-user.target.wants`. */
const enabling = /(?:^|\/)[^/]+\.(?:wants|requires|upholds)\/?$/;

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/**
 * By file name alone, whatever folder they are in; of two with one name that in the folder that wins
 * counts (systemd.unit(5)).
 */
function inOrder(dropIns: readonly TextFile[]): readonly TextFile[] {
  const byName = new Map<string, TextFile>();
  for (const file of dropIns.toSorted((left, right) => rank(right.path) - rank(left.path))) {
    byName.set(baseName(file.path), file);
  }
  return [...byName.values()].toSorted((left, right) =>
    baseName(left.path) < baseName(right.path) ? -1 : 1,
  );
}
