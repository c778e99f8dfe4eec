import { holdsNoCertificates, setsNoVariables } from '../../etcd/images.ts';
import { type Mount, sourceOf, type TextFile } from '../../model/draft.ts';
import { innermostOf } from '../../model/mounts.ts';
import type { Process } from './process.ts';
import { baseName } from './words.ts';
import type { FindText, SettingsContext } from './settings-context.ts';

/**
 * The texts that a process finds under its own paths. What a Secret or ConfigMap holds is in that object and
 * nowhere else: a file of the same name is another one.
 */
export function filesInside(
  process: Pick<Process, 'mounts' | 'contained' | 'origin' | 'image'> &
    Partial<Pick<Process, 'files'>>,
  context: SettingsContext,
): FindText {
  const { mounts, contained, image, origin, files = [] } = process;
  const find: FindText = (path, as) =>
    writtenBy(files, path, context) ?? context.find(path, origin.file, as);
  const isEmpty = contained === true && holdsNoCertificates(image?.text);
  return (path, as) => {
    const around = innermostOf(path, mounts);
    for (const mount of around) {
      const file = fileIn(mount, path, contained === true, (wanted) =>
        find(wanted, baseName(wanted) === baseName(path) ? as : 'file'),
      );
      if (file !== undefined) return file;
    }
    return isEmpty || around.length > 0 ? undefined : find(path, as);
  };
}

/** What a script on the way writes there, whose text is known. */
function writtenBy(
  files: readonly string[],
  path: string,
  context: SettingsContext,
): TextFile | undefined {
  return files
    .map((file) => ({ own: `${file}#${path}`, found: context.find(path, file, 'file') }))
    .find(({ own, found }) => found?.path === own)?.found;
}

/** What is known of the environment of a container in addition to what its settings say. */
export function environmentIn(
  image: string | undefined,
  isContained = true,
): 'as-written' | 'as-in-image' {
  return !isContained || setsNoVariables(image) ? 'as-written' : 'as-in-image';
}

/** Whether a process cannot have a file: no mount leads there, and its image holds none. */
export function isNowhere(
  { mounts, contained, image }: Pick<Process, 'mounts' | 'contained' | 'image'>,
  path: string,
): boolean {
  const isEmpty = contained === true && holdsNoCertificates(image?.text);
  return isEmpty && innermostOf(path, mounts).length === 0;
}

type Find = (path: string) => TextFile | undefined;

function fileIn(
  mount: Mount,
  path: string,
  isContained: boolean,
  find: Find,
): TextFile | undefined {
  const source = sourceOf(mount);
  const wanted = source === undefined ? path : source + path.slice(mount.inside.length);
  const { from } = mount;
  if (from === 'host') return find(wanted) ?? ofAnotherName(find(path), path);
  // On the host itself a file at that very path is what was left there.
  if (source === undefined && (from !== 'written' || isContained)) return undefined;
  return unlessNamesake(find(wanted), wanted);
}

/** A file at that very path, or what a script writes there. */
function unlessNamesake(file: TextFile | undefined, wanted: string): TextFile | undefined {
  const isThere = file?.path === wanted || file?.path.endsWith(`#${wanted}`) === true;
  return isThere ? file : undefined;
}

/** A file at the very path within is the host's own, and another one than what is mounted there. */
function ofAnotherName(file: TextFile | undefined, path: string): TextFile | undefined {
  const isOfHost = `/${file?.path ?? ''}`.endsWith(path) && path.lastIndexOf('/') > 0;
  return isOfHost ? undefined : file;
}
