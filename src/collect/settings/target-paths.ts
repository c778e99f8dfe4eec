import { normalized } from '../../deployment/roles/match-files.ts';

/**
 * Where a path leads that a command is given: an absolute path without a trailing slash. Where the directory is not
 * known, the end of every path that it may be, without a leading slash, and nothing where it may be any.
 * Undefined for what is a new file of a name that nothing else has.
 */
export function placeNamed(written: string, directory: string | undefined): string | undefined {
  if (isNewFile(written)) return undefined;
  const text = masked(written);
  const parts = text.split('/');
  const last = parts.findLastIndex((part) => part.includes(open));
  if (last < 0) return placeFrom(text, directory);
  const end = withoutParents(parts.slice(last + 1).join('/'));
  if (end !== '') return end;
  const first = parts.findIndex((part) => part.includes(open));
  const above = parts.slice(0, first).join('/');
  if (above === '') return text.startsWith('/') || text.startsWith(open) ? '' : (directory ?? '');
  return placeFrom(above, directory);
}

/** The directory that a shell is in after `cd`; undefined where that is not known. */
export function directoryNamed(written: string, directory: string | undefined): string | undefined {
  if (masked(written).includes(open)) return undefined;
  if (written.startsWith('/')) return normalized(written);
  return directory === undefined ? undefined : normalized(`${directory}/${written}`);
}

function placeFrom(path: string, directory: string | undefined): string {
  const around = path.startsWith('/') ? path : directory && `${directory}/${path}`;
  if (around === undefined) return withoutParents(path);
  const place = normalized(around);
  return place === '/' ? '' : place;
}

/** What follows the last `..` of a relative path. */
function withoutParents(path: string): string {
  const parts = normalized(path).split('/');
  return parts.slice(parts.lastIndexOf('..') + 1).join('/');
}

/** `$(mktemp)` */
export function isNewFile(written: string): boolean {
  return /^(?:\$\(|`)\s*mktemp\b/.test(written);
}

/** Stands for what only the running shell knows. */
const open = '\0';

/** No path is longer (PATH_MAX of Linux). */
const longest = 4096;

/** With one character for each part that something else fills in, a pattern among them. */
export function masked(written: string): string {
  if (written.length > longest) return open;
  if (!/[$`{[*?~%<>]/.test(written)) return written;
  const inside = /^\$\((.*)\)$/s.exec(written)?.[1] ?? '';
  const text = /[*?[{~]/.test(inside) && !/[\s()]/.test(inside) ? inside : written;
  return text
    .replaceAll(/[$<>]\([^]*\)|[$<>]\([^]*$/g, open)
    .replaceAll(
      /\$\{[^}]*\}|`[^`]*`|\$[\w@*#?!-]+|\{[^{}]*\}|\[[^\]]*\]|[*?]+|^~[^/]*|%[A-Za-z]/g,
      open,
    );
}
