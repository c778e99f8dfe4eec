/** Files by name. */
export type Files = ReadonlyMap<string, Buffer>;

/** V8 copies compiled code whose address is not a multiple of it. */
const alignment = 8;

/**
 * Several files in one: a line with a key, then name and length of each; then their contents, each aligned.
 *
 * @param at Where the whole begins, in bytes after an address that is aligned. The length does not depend on it.
 */
export function pack(key: string, files: Files, at = 0): Buffer {
  const sizes = [...files].map(([name, { length }]) => `${name} ${length}`);
  const line = Buffer.from(`${[key, ...sizes].join(' ')}\n`);
  const contents = [...files.values()].flatMap((content) => [content, gapAfter(content.length)]);
  const before = gapAfter(at + line.length);
  const rest = Buffer.alloc(alignment - before.length, ' ');
  return Buffer.concat([before, line, ...contents, rest]);
}

/** The files packed under a key; none from what has another key. */
export function unpack(content: Buffer | undefined, key: string): Files {
  const files = new Map<string, Buffer>();
  if (content === undefined) return files;
  const end = content.indexOf('\n');
  const [made, ...sizes] = content.toString('latin1', 0, end).trimStart().split(' ');
  if (made !== key) return files;
  const place = { at: end + 1 };
  for (let index = 0; index + 1 < sizes.length; index += 2) {
    const length = Number(sizes[index + 1]);
    files.set(sizes[index] ?? '', content.subarray(place.at, place.at + length));
    place.at += length + gapAfter(length).length;
  }
  return files;
}

function gapAfter(length: number): Buffer {
  return Buffer.alloc((alignment - (length % alignment)) % alignment, ' ');
}
