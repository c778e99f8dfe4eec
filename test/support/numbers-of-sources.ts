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
  /** What sets a number of a source, as often as it is loaded: what is loaded later may load it again. */
  var settersOfNumbers: Map<string, readonly Setter[]> | undefined;
  /** The numbers that sources are loaded with instead of their own. */
  var numbersToLoad: Map<string, number> | undefined;
}

type Setter = (value: number) => void;

const addSetter = `function addSetter(key, set) {
  const setters = (globalThis.settersOfNumbers ??= new Map());
  setters.set(key, [...(setters.get(key) ?? []), set]);
}`;

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
        return `addSetter('${file} ${constant}', ${set});\n`;
      });
      return {
        code: `${changed}\n${addSetter}\n${setters.join('')}`,
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
  const set = (to: number) => {
    const setters = globalThis.settersOfNumbers?.get(key);
    if (setters === undefined) throw new Error(`${key} was not loaded`);
    for (const setter of setters) setter(to);
  };
  set(value);
  globalThis.numbersToLoad = new Map([[key, value]]);
  try {
    return await run();
  } finally {
    set(before);
    globalThis.numbersToLoad = undefined;
  }
}
