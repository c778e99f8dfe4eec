import type { Setting } from '../model/settings.ts';
import type { ProblemReason } from '../model/problem-words.ts';
import type {
  Problems,
  ProblemValues,
  SettingsProblem,
  SettingsProblemKind,
} from '../model/settings-problem.ts';
import { defined } from '../model/defined.ts';

/** A problem of one setting, reported at the place where it is set. */
export function problem(
  kind: SettingsProblemKind,
  { origin }: Setting<unknown>,
  why: ProblemReason,
  etcdSays?: string,
  values?: ProblemValues,
): SettingsProblem {
  const { name = '', location } = origin;
  return defined({ kind, why, name, location, etcdSays, values });
}

/** What etcd refuses to start with, in its words. */
export function refuse(
  setting: Setting<unknown>,
  why: ProblemReason,
  etcdSays: string,
  values?: ProblemValues,
): Problems {
  return [problem('refused-at-start', setting, why, etcdSays, values)];
}
