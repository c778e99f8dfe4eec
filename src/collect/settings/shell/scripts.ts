import { leadsThrough } from '../../../model/mounts.ts';
import { placeNamed } from '../target-paths.ts';
import type { Script, ShellReading } from './run.ts';

/** What a shell has written. */
type Writing = Pick<ShellReading, 'written' | 'outputs' | 'opaque'>;

/**
 * The script that a shell has written to a path; `unknown` where its text is not known, or where one of `others` may be
 * there. Undefined for a path that nothing was written to.
 */
export function scriptWritten(
  path: string,
  directory: string | undefined,
  { written, outputs, opaque }: Writing,
  others: readonly { readonly path: string }[],
): Script | 'unknown' | undefined {
  const place = placeNamed(path, directory);
  if (place === undefined) return 'unknown';
  const isThere = (other: string) => placeNamed(other, undefined) === place;
  const own = written.filter((file) => isThere(file.path));
  const [only] = own;
  const isOther = others.some((other) => leadsThrough(place, other.path));
  if (only !== undefined && own.length === 1 && !isOther && ![...opaque].some(isThere)) {
    const { text, file, line, folded } = only;
    return { text, file, line, folded };
  }
  const isWritten = outputs.some((other) => leadsThrough(place, other.path));
  return isOther || isWritten || own.length > 0 ? 'unknown' : undefined;
}
