/** `${NAME##*-}` and its like: the value without a part that matches at one of its ends; undefined for other operators. */
export function cutBy(operand: string, value: string): string | undefined {
  const [, side = '', pattern = ''] = /^(##?|%%?)(.+)$/s.exec(operand) ?? [];
  const isPlain = side !== '' && !/[$`"'\\~]/.test(pattern);
  const matches = isPlain && value.length <= longestCut ? patternOf(pattern) : undefined;
  return matches === undefined ? undefined : without(value, side, matches);
}

function without(value: string, side: string, matches: RegExp): string {
  const lengths = Array.from({ length: value.length + 1 }, (_, index) => index);
  const fits = (length: number) =>
    matches.test(
      side.startsWith('#') ? value.slice(0, length) : value.slice(value.length - length),
    );
  const length = side.length === 2 ? lengths.findLast(fits) : lengths.find(fits);
  if (length === undefined) return value;
  return side.startsWith('#') ? value.slice(length) : value.slice(0, value.length - length);
}

/** Every length of a value is compared with the pattern. */
const longestCut = 4096;

/** A pattern of the shell (POSIX.1-2017, 2.13); undefined for what bash adds and for classes of characters. */
export function patternOf(pattern: string): RegExp | undefined {
  if (/\[[^\]]*[[:.=]|[?*+@!]\(/.test(pattern)) return undefined;
  const source = pattern.replaceAll(/\[[!^]?[^\]]+\]|[*?]|[^*?[]+|\[/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    if (/^\[.+\]$/.test(part)) return part.replace(/^\[!/, '[^').replaceAll('\\', '');
    return part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  });
  return new RegExp(`^(?:${source})$`, 's');
}
