import type { Facts } from '../../model/evidence.ts';

/** The directory that all files of a report are in, and paths without it. */
export interface Paths {
  /** Ends with a slash; empty where the files have nothing in common. */
  readonly common: string;
  readonly tail: (path: string) => string;
}

/** One directory above the files may be short; what is repeated on every line is worth saying once. */
const shortest = 8;

export function pathsOf({ files = [] }: Partial<Facts>): Paths {
  const [first = [], ...rest] = files.map(({ path }) => path.split('/').slice(0, -1));
  const shared = first.findIndex((part, index) => rest.some((other) => other[index] !== part));
  const parts = shared === -1 ? first : first.slice(0, shared);
  const joined = parts.length === 0 ? '' : `${parts.join('/')}/`;
  const common = files.length > 1 && joined.length >= shortest ? joined : '';
  return {
    common,
    tail: (path) => (common !== '' && path.startsWith(common) ? path.slice(common.length) : path),
  };
}
