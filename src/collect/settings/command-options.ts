import type { LocatedText } from '../../model/settings.ts';

/** What a command is given, as getopt_long(3) splits it. */
export interface Arguments {
  readonly options: readonly Option[];
  readonly operands: readonly string[];
}

interface Option {
  readonly name: string;
  /** Empty for an option without one. */
  readonly value: string;
}

/** Splits words; options that are not among those that take a value have none in the next word. */
export function argumentsOf(words: readonly LocatedText[], takesValue = /^$/): Arguments {
  const options: Option[] = [];
  const operands: string[] = [];
  const left = words.map(({ text }) => text).toReversed();
  for (let text = left.pop(); text !== undefined; text = left.pop()) {
    if (text === '--') operands.push(...left.splice(0).toReversed());
    else if (/^-./.test(text)) options.push(...optionsIn(text, takesValue, left));
    else operands.push(text);
  }
  return { options, operands };
}

/** `--name=value`, `-name` of openssl, or letters of which the first with a value takes the rest. */
function optionsIn(text: string, takesValue: RegExp, left: string[]): readonly Option[] {
  const [whole = '', attached] = text.split(/=(.*)/s);
  const valueOf = (name: string, own?: string) =>
    own ?? (takesValue.test(name) ? left.pop() : undefined) ?? '';
  if (text.startsWith('--') || takesValue.test(whole)) {
    return [{ name: whole, value: valueOf(whole, attached) }];
  }
  const letters = text.slice(1);
  const last = Array.from(letters).findIndex((letter) => takesValue.test(`-${letter}`));
  if (last < 0) return [{ name: text, value: '' }];
  const name = `-${letters.charAt(last)}`;
  const flags = last === 0 ? [] : [{ name: `-${letters.slice(0, last)}`, value: '' }];
  return [...flags, { name, value: valueOf(name, letters.slice(last + 1) || undefined) }];
}

export function valuesOf(options: Arguments['options'], wanted: RegExp): readonly string[] {
  return options.flatMap(({ name, value }) => (wanted.test(name) && value !== '' ? [value] : []));
}
