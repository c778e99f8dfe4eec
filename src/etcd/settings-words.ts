import { problemWords, type SettingsWords } from '../model/problem-words.ts';
import {
  problemValues,
  type ProblemValues,
  type SettingsProblem,
} from '../model/settings-problem.ts';

/** The words for a problem. No code depends on them. */
export function settingsWords({ why, values }: SettingsProblem): SettingsWords {
  const words = problemWords[why];
  return typeof words === 'function' ? words(named(values)) : words;
}

/** Every value, the empty text where a problem has none. */
function named(values: ProblemValues | undefined): Required<ProblemValues>;
function named(values: ProblemValues = {}): object {
  return Object.fromEntries(problemValues.map((name) => [name, values[name] ?? '']));
}
