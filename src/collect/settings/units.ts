import type { TextFile } from '../../model/draft.ts';
import type { UnitFiles } from './systemd.ts';
import { baseName } from './process.ts';

/** The folders from which systemd takes units; what lies in different ones belongs together. */
const systemdFolders = /(?:^|\/)(?:etc|usr\/lib|lib|run|usr\/local\/lib)\/systemd\/system\/?$/;

/** Sorts unit files and drop-ins by the unit that they make up. */
export function groupUnits(files: readonly TextFile[]): readonly UnitFiles[] {
  const units = new Map<string, { unit: string; fragment?: TextFile; dropIns: TextFile[] }>();
  const loose: TextFile[] = [];
  for (const file of files) {
    const placed = placeOf(file.path);
    if (placed === undefined) {
      loose.push(file);
      continue;
    }
    const group = units.get(placed.key) ?? { unit: placed.unit, dropIns: [] };
    if (placed.isDropIn) group.dropIns.push(file);
    else group.fragment = file;
    units.set(placed.key, group);
  }
  adopt(loose, [...units.entries()]);
  const strays = loose.filter(
    (file) => ![...units.values()].some(({ dropIns }) => dropIns.includes(file)),
  );
  return [
    ...[...units.values()].map((unit) => ({ ...unit, dropIns: inOrder(unit.dropIns) })),
    ...groupLoose(strays),
  ];
}

type Group = { unit: string; fragment?: TextFile; dropIns: TextFile[] };

/** A drop-in that lies beside the only unit of its folder is taken for that unit's. */
function adopt(loose: readonly TextFile[], units: readonly (readonly [string, Group])[]): void {
  for (const file of loose) {
    const folder = folderOf(file.path);
    const near = units.filter(
      ([, { fragment }]) => fragment !== undefined && folderOf(fragment.path) === folder,
    );
    const [only] = near;
    if (near.length === 1 && only !== undefined) only[1].dropIns.push(file);
  }
}

/**
 * Drop-ins that lie outside any `.d` folder: several in one folder are parts of one unit when no two
 * of them set the same variable, else each stands for another host.
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
      dropIns: inOrder(dropIns),
    }));
  });
}

function placeOf(path: string): { key: string; unit: string; isDropIn: boolean } | undefined {
  const folder = folderOf(path);
  const dropInFolder = /^(.*?)([^/]+)\.d$/.exec(folder);
  if (dropInFolder !== null) {
    const [, above = '', unit = ''] = dropInFolder;
    return { key: `${rootOf(above)}|${unit}`, unit, isDropIn: true };
  }
  const unit = baseName(path);
  if (!unit.endsWith('.service')) return undefined;
  return { key: `${rootOf(folder)}|${unit}`, unit, isDropIn: false };
}

/** What stands before systemd's folder, so that two hosts' files side by side stay apart. */
function rootOf(folder: string): string {
  return folder.replace(/\/$/, '').replace(systemdFolders, '');
}

function folderOf(path: string): string {
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
}

/** By file name alone, whatever folder they lie in (systemd.unit(5)). */
function inOrder(dropIns: readonly TextFile[]): readonly TextFile[] {
  return dropIns.toSorted((left, right) => (baseName(left.path) < baseName(right.path) ? -1 : 1));
}
