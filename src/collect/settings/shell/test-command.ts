import { filesMatching } from '../files-matching.ts';
import type { Expanded } from './expand.ts';
import type { ShellStart } from './run.ts';
import type { Call, Run } from './runtime.ts';

/** The files that were given. */
type Given = Pick<ShellStart, 'find' | 'paths'>;

/** `test`, `[` and `[[`, where the answer is in the script. */
export function test({ given }: Call, run: Run): void {
  run.state.status = statusOfTest(given, run.start);
}

/** The status of `test` and its words; undefined where only the machine knows. */
export function statusOfTest(given: readonly Expanded[], start: Given): number | undefined {
  const words = /^\]\]?$/.test(given.at(-1)?.text ?? '') ? given.slice(1, -1) : given.slice(1);
  return answer(words, start);
}

function answer(words: readonly Expanded[], start: Given): number | undefined {
  const [first, ...rest] = words;
  if (first?.text === '!' && rest.length > 0) {
    const status = answer(rest, start);
    return status === undefined ? undefined : 1 - status;
  }
  if (words.some((word) => !word.isKnown)) return undefined;
  const texts = words.map(({ text }) => text);
  const is = texts.length === 3 ? compared(texts) : asked(texts, start);
  return is === undefined ? undefined : Number(!is);
}

function compared([left, operator, right = '']: readonly string[]): boolean | undefined {
  // To `[[` the right side is a pattern.
  if (/[*?[\\]/.test(right)) return undefined;
  if (operator === '=') return left === right;
  return operator === '!=' ? left !== right : comparedNumbers(left, operator, right);
}

function comparedNumbers(left = '', operator = '', right = ''): boolean | undefined {
  const areNumbers = [left, right].every((text) => /^-?\d+$/.test(text));
  return areNumbers ? comparisons.get(operator)?.(Number(left), Number(right)) : undefined;
}

const comparisons: ReadonlyMap<string, (one: number, other: number) => boolean> = new Map([
  ['-eq', (one, other) => one === other],
  ['-ne', (one, other) => one !== other],
  ['-gt', (one, other) => one > other],
  ['-ge', (one, other) => one >= other],
  ['-lt', (one, other) => one < other],
  ['-le', (one, other) => one <= other],
]);

function asked(texts: readonly string[], start: Given): boolean | undefined {
  const [first, second] = texts;
  if (second === undefined) return first === undefined ? undefined : first !== '';
  if (first === '-n') return second !== '';
  return first === '-z' ? second === '' : isThere(first ?? '', second, start);
}

/** Files that were given are there, and so are their directories; of others nothing is known. */
function isThere(operator: string, path: string, { find, paths = [] }: Given): true | undefined {
  if (find === undefined) return undefined;
  if (operator === '-d') {
    return filesMatching(`${path}/*`, paths, find) === undefined ? undefined : true;
  }
  const file = /^-[efrs]$/.test(operator) ? find(path) : undefined;
  return file !== undefined && file.text !== '' ? true : undefined;
}
