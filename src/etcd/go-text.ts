import { table, wordSet } from '../model/table.ts';
import { quote } from '../pki/go-text.ts';

/** Go's `%q` of a []string. */
export function quoteAll(texts: readonly string[]): string {
  return `[${texts.map(quote).join(' ')}]`;
}

const truths = wordSet('1 t T TRUE true True');
const falsehoods = wordSet('0 f F FALSE false False');

/** Go's strconv.ParseBool; undefined for what it refuses. */
export function parseBoolean(text: string): boolean | undefined {
  if (truths.has(text)) return true;
  if (falsehoods.has(text)) return false;
  return undefined;
}

const nanoseconds = table<number>({
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
});

/** Whether Go's time.ParseDuration takes the text, which holds at most 292 years. */
export function isDuration(text: string): boolean {
  const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;
  const written = text.replace(/^[-+]/, '');
  if (written === '0') return true;
  const parts = [...written.matchAll(part)];
  if (parts.length === 0 || parts.map(([each]) => each).join('') !== written) return false;
  const sum = parts.reduce(
    (all, [, count, unit = '']) => all + Number(count) * (nanoseconds[unit] ?? 0),
    0,
  );
  return sum < 2 ** 63;
}

/** The value that Go's strconv.ParseInt(…, 0, …) reads, of any size; an underscore stands between digits, or after the base. */
export function parseInteger(text: string): bigint | undefined {
  const [, sign = '', written] =
    /^([-+]?)(0[xX](?:_?[\da-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?\d)*)$/.exec(
      text,
    ) ?? [];
  if (written === undefined) return undefined;
  const digits = written.replaceAll('_', '');
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits}` : digits);
  return sign === '-' ? -value : value;
}
