import { largest } from '../../model/extremes.ts';
import { holdsNoCertificates } from '../../etcd/images.ts';
import { isBelow, type Mount, sourceOf, type TextFile } from '../../model/draft.ts';
import type { Process } from './process.ts';
import { baseName } from './words.ts';
import type { FindText, SettingsContext } from './settings-context.ts';

/**
 * The texts that a process finds under its own paths. What a Secret or ConfigMap holds is in that object and
 * nowhere else: a file of the same name is another one.
 */
export function filesInside(
  process: Pick<Process, 'mounts' | 'contained' | 'origin' | 'image'>,
  context: SettingsContext,
): FindText {
  const { mounts, contained, image, origin } = process;
  const find: FindText = (path, as) => context.find(path, origin.file, as);
  const isEmpty = contained === true && holdsNoCertificates(image?.text);
  return (path, as) => {
    const around = innermost(path, mounts);
    for (const mount of around) {
      const file = fileIn(mount, path, (wanted) =>
        find(wanted, baseName(wanted) === baseName(path) ? as : 'file'),
      );
      if (file !== undefined) return file;
    }
    return isEmpty || around.length > 0 ? undefined : find(path, as);
  };
}

/** Whether a process cannot have a file: no mount leads there, and its image holds none. */
export function isNowhere(
  { mounts, contained, image }: Pick<Process, 'mounts' | 'contained' | 'image'>,
  path: string,
): boolean {
  const isEmpty = contained === true && holdsNoCertificates(image?.text);
  return isEmpty && innermost(path, mounts).length === 0;
}

type Find = (path: string) => TextFile | undefined;

function fileIn(mount: Mount, path: string, find: Find): TextFile | undefined {
  const source = sourceOf(mount);
  const wanted = source === undefined ? path : source + path.slice(mount.inside.length);
  const { from } = mount;
  if (from === 'host') return find(wanted) ?? find(path);
  if (source === undefined) return undefined;
  const found = find(wanted);
  return found?.path === wanted ? found : undefined;
}

/** Several where a projected volume puts more than one Secret or ConfigMap in one directory. */
export function innermost(path: string, mounts: readonly Mount[]): readonly Mount[] {
  const around = mounts.filter(({ inside }) => isBelow(path, inside));
  const longest = largest(around.map(({ inside }) => inside.length));
  return around.filter(({ inside }) => inside.length === longest);
}
