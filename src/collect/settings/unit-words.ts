import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import {
  type ExpansionBudget,
  expandReferences,
  expansionBudget,
  withinBudget,
} from './expansion-budget.ts';
import { literally, type OpenWord } from './unresolved.ts';
import { splitWords } from './words.ts';

export const prefixes = /^[-@:+!|]*/;

export interface Substitution {
  /** The last of each name counts. */
  readonly values: ReadonlyMap<string, EnvironmentVariable>;
  readonly isComplete: boolean;
  readonly budget: ExpansionBudget;
}

export function substitutionOf(
  variables: readonly EnvironmentVariable[],
  isComplete: boolean,
): Substitution {
  const values = new Map(variables.map((variable) => [variable.name, variable]));
  return { values, isComplete, budget: expansionBudget() };
}

/** The words of an `Exec` setting, without prefixes and with the values of its variables. */
export function commandOf(
  [program, ...words]: readonly LocatedText[],
  substitution: Substitution,
): readonly LocatedText[] {
  if (program === undefined) return [];
  const [prefix = ''] = prefixes.exec(program.text) ?? [];
  // After `@` the second word is the process's own name, and `:` switches substitution off (systemd.service(5)).
  const given = prefix.includes('@') ? words.slice(1) : words;
  return [
    { ...program, text: program.text.slice(prefix.length) },
    ...(prefix.includes(':') ? given : given.flatMap((word) => substitute(word, substitution))),
  ];
}

const tooLong = 'the values of its variables come to more than 2 MiB, and are not read';

/**
 * `$NAME` as a whole word becomes as many words as its value has; `${NAME}` stays within its word. A
 * variable that nothing sets is empty, where the files that may set it were given.
 */
function substitute(
  word: LocatedText,
  { values, isComplete, budget }: Substitution,
): readonly OpenWord[] {
  const whole = /^\$(\w+)$/.exec(word.text)?.[1];
  if (whole !== undefined) {
    const variable = values.get(whole);
    if (variable === undefined) return isComplete ? [] : [word];
    if (withinBudget(variable.value, '', budget) === '') {
      return variable.value === '' ? [] : [{ ...word, doubt: tooLong }];
    }
    const location = variable.location ?? word.location;
    return splitWords(variable.value, 'systemd').map(({ text }) => ({
      text,
      ...(location && { location }),
    }));
  }
  const valueOf = (written: string, name?: string) =>
    name === undefined ? '$' : (values.get(name)?.value ?? (isComplete ? '' : written));
  const fillIn = (written: string) =>
    expandReferences(written, /\$\$|\$\{(\w+)\}/g, valueOf, budget);
  const text = fillIn(word.text);
  const isTooLong = budget.left < 0 && text.includes('${');
  return [{ ...word, ...literally(word.text, fillIn), text, ...(isTooLong && { doubt: tooLong }) }];
}
