import type { Plugin } from 'vitest/config';

/** A number that a source states once, by the path of the source below `src`. */
export interface SourceNumber {
  readonly file: string;
  /** With a dot for a property of an object. */
  readonly constant: string;
  readonly value: number;
}

const number = String.raw`[\d_][\d_ *+]*(?:\.\d+)?`;
const ofNumbers = new RegExp(
  String.raw`^(?:export )?const (\w+)(?:: \w+)? = (?:(${number})|\{ (\w+: ${number}(?:, \w+: ${number})*) \});$`,
  'gm',
);

/** All numbers that a source gives names to outside its functions. */
export function numbersIn(file: string, source: string): readonly SourceNumber[] {
  return Array.from(source.matchAll(ofNumbers)).flatMap(([, name = '', written, properties]) =>
    written === undefined
      ? (properties ?? '').split(', ').map((property) => {
          const [key = '', value = ''] = property.split(': ');
          return { file, constant: `${name}.${key}`, value: calculated(value) };
        })
      : [{ file, constant: name, value: calculated(written) }],
  );
}

function calculated(written: string): number {
  return written
    .replaceAll('_', '')
    .split('+')
    .map((sum) => sum.split('*').reduce((product, factor) => product * Number(factor), 1))
    .reduce((sum, each) => sum + each, 0);
}

declare global {
  /** What sets a number of a source that is loaded. */
  var settersOfNumbers: Map<string, (value: number) => void> | undefined;
  /** The numbers that sources are loaded with instead of their own. */
  var numbersToLoad: Map<string, number> | undefined;
}

/** Lets a test give a number of a source another value, see `withNumber`. */
export function changeableNumbers(): Plugin {
  return {
    name: 'changeable-numbers',
    enforce: 'pre',
    transform(code, id) {
      const [, file = ''] = /\/src\/([^?]*\.ts)$/.exec(id) ?? [];
      const numbers = file === '' ? [] : numbersIn(file, code);
      if (numbers.length === 0) return undefined;
      const changed = code.replaceAll(ofNumbers, (statement, name: string, written?: string) => {
        const variable = statement.replace('const ', 'let ');
        if (written === undefined) return variable;
        return variable.replace(
          `= ${written}`,
          `= globalThis.numbersToLoad?.get('${file} ${name}') ?? ${written}`,
        );
      });
      const setters = numbers.map(({ constant }) => {
        const set = `(value) => { ${constant} = value; }`;
        return `globalThis.settersOfNumbers.set('${file} ${constant}', ${set});\n`;
      });
      return {
        code: `${changed}\nglobalThis.settersOfNumbers ??= new Map();\n${setters.join('')}`,
        map: null,
      };
    },
  };
}

/** Runs something while a number of a source has another value; the source must have been loaded before. */
export async function withNumber<Result>(
  { file, constant, value: before }: SourceNumber,
  value: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const key = `${file} ${constant}`;
  const set = globalThis.settersOfNumbers?.get(key);
  if (set === undefined) throw new Error(`${key} was not loaded`);
  set(value);
  globalThis.numbersToLoad = new Map([[key, value]]);
  try {
    return await run();
  } finally {
    set(before);
    globalThis.numbersToLoad = undefined;
  }
}
