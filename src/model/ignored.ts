/**
 * The first of the inventory's `ignore` patterns that means a path. A pattern is compared with the end of a
 * path, by whole parts, or with all of it where it begins with a slash: `*` and `?` stay within a part, `**`
 * matches any number of parts. A host before the path does not count.
 */
export function ignoringPattern(path: string, patterns: readonly string[]): string | undefined {
  const local = path.replace(/^[^/:]+:(?=[./])/, '').replace(/^(?:\.\/)+/, '');
  // What is within a file has a path of its own after the file's.
  const paths = [local, local.replace(/#.*$/s, '')].map((each) => each.split('/'));
  return patterns.find((pattern) => {
    const parts = pattern.replace(/^(?:\.\/)+/, '').split('/');
    const whole = pattern.startsWith('/') ? parts : ['**', ...parts];
    return paths.some((each) => matches(each, whole, '**', isSamePart));
  });
}

function isSamePart(part: string, pattern: string): boolean {
  return matches(
    Array.from(part),
    Array.from(pattern),
    '*',
    (character, wanted) => wanted === '?' || wanted === character,
  );
}

/** Whether items match a pattern in which one item matches any number of them. Never slower than their product. */
function matches(
  items: readonly string[],
  pattern: readonly string[],
  any: string,
  isSame: (item: string, wanted: string) => boolean,
): boolean {
  let at = 0;
  let wanted = 0;
  let resume: { at: number; readonly wanted: number } | undefined;
  while (at < items.length) {
    const next = pattern[wanted];
    if (next === any) {
      resume = { at, wanted };
      wanted += 1;
    } else if (next !== undefined && isSame(items[at] ?? '', next)) {
      at += 1;
      wanted += 1;
    } else if (resume !== undefined) {
      resume.at += 1;
      at = resume.at;
      wanted = resume.wanted + 1;
    } else return false;
  }
  return pattern.slice(wanted).every((each) => each === any);
}
