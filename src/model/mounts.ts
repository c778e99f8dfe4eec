import { isBelow, type Mount } from './draft.ts';
import { largest } from './extremes.ts';

/**
 * Whether a path is at a place or below it. A place without a leading slash is the end of any path of a file or of a
 * directory; one that begins with a dot is where relative paths lead.
 */
export function leadsThrough(path: string, place: string): boolean {
  if (place === '' || place.startsWith('/')) return isBelow(path, place);
  if (/^\.(?:\/|$)/.test(place)) {
    return !path.startsWith('/') && isBelow(`./${path.replace(/^\.\//, '')}`, place);
  }
  return `/${path}/`.includes(`/${place}/`);
}

/** The mounts that decide what is at a path; several where a projected volume puts more than one object in a directory. */
export function innermostOf(
  path: string,
  mounts: readonly Mount[],
  covers = (mount: Mount) => leadsThrough(path, mount.inside),
): readonly Mount[] {
  const around = mounts.filter(covers);
  // What may be written anywhere may be written within any mount.
  const anywhere = around.filter(
    ({ from, inside }) => from === 'written' && !inside.startsWith('/'),
  );
  if (anywhere.length > 0) return anywhere;
  const longest = largest(around.map(({ inside }) => inside.length));
  const innermost = around.filter(({ inside }) => inside.length === longest);
  const written = innermost.filter(({ from }) => from === 'written');
  return written.length > 0 ? written : innermost;
}
