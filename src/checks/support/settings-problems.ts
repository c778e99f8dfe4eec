import { type About, aboutSetting } from '../../model/about.ts';
import type { Facts } from '../../model/evidence.ts';
import type { Member } from '../../model/inventory.ts';
import type {
  Problems,
  SettingsProblem,
  SettingsProblemKind,
} from '../../model/settings-problem.ts';
import type { Target } from '../../model/target.ts';
import { isEmptyTlsFlag } from './clients.ts';
import { enumerate } from '../../model/words.ts';
import { settingsWords } from '../../etcd/settings-words.ts';
import type { SettingsWords } from '../../model/problem-words.ts';

/** A problem in an owner's settings, or an owner who has none of the kinds asked for. */
export interface Problematic {
  readonly target: Target;
  readonly owner: string;
  readonly problem?: WordedProblem;
}

/** A problem and the words for it. */
export type WordedProblem = SettingsProblem &
  SettingsWords & {
    /** Where several are one finding. */
    readonly names?: readonly string[];
  };

/** Each problem of the given kinds in the settings of a member, and those of a client together. */
export function problemsOf(
  { members, clients }: Pick<Facts, 'members' | 'clients'>,
  ...kinds: readonly SettingsProblemKind[]
): readonly Problematic[] {
  return [...problemsOfMembers({ members }, ...kinds), ...problemsOfClients({ clients }, ...kinds)];
}

/** Each problem of the given kinds in the settings of a member. */
export function problemsOfMembers(
  { members }: Pick<Facts, 'members'>,
  ...kinds: readonly SettingsProblemKind[]
): readonly Problematic[] {
  return members.flatMap((member) => {
    const problems = ofKinds(member.problems, kinds);
    if (problems.length === 0) return [{ target: member.target, owner: member.name }];
    return problems.map((problem) => ({
      target: targetOf(member, problem),
      owner: member.name,
      problem: inWords(problem),
    }));
  });
}

/** The problems of the given kinds in the settings of a client, together. */
export function problemsOfClients(
  { clients }: Pick<Facts, 'clients'>,
  ...kinds: readonly SettingsProblemKind[]
): readonly Problematic[] {
  return clients.map(({ target, name, problems }) => {
    // A client without its certificate is a finding that names the empty flags.
    const others = problems.filter((problem) => !isEmptyTlsFlag(problem));
    const problem = together(ofKinds(others, kinds));
    return { target, owner: name, ...(problem !== undefined && { problem }) };
  });
}

function together(problems: Problems): WordedProblem | undefined {
  const [first, ...others] = problems;
  if (first === undefined || others.length === 0) return first && inWords(first);
  const names = problems.map(({ name }) => name);
  return {
    ...inWords(first),
    names,
    name: enumerate(names),
    detail: problems.map((each) => `${each.name}: ${settingsWords(each).detail}`).join('; '),
  };
}

function inWords(problem: SettingsProblem): WordedProblem {
  return { ...problem, ...settingsWords(problem) };
}

/** A certificate or key without the other is also known by the pair that it leaves incomplete. */
export function aboutProblem(
  owner: string,
  { name, names = [name] }: WordedProblem,
): readonly About[] {
  const isOfPair = /cert|key/i.test(name);
  const settings = isOfPair ? [...names, 'cert-file'] : names;
  return settings.map((setting) => aboutSetting(owner, setting));
}

/** What `--auto-tls` or `--peer-auto-tls` switches off, for the finding about it. */
export function droppedBy(flag: string, { problems }: Member): { readonly cause?: string } {
  const dropped = problems.filter(({ why, values }) => why === 'auto-tls' && values?.flag === flag);
  if (dropped.length === 0) return {};
  const names = [...new Set(dropped.map(({ name }) => name))];
  return { cause: `the setting disables ${enumerate(names)}` };
}

/** The name identifies the setting; the place is where it is written. */
function targetOf({ name, target }: Member, problem: SettingsProblem): Target {
  const { location = target.location } = problem;
  return {
    kind: 'member',
    name: problem.name === '' ? name : `${name} ${problem.name}`,
    ...(location !== undefined && { location }),
    member: name,
  };
}

function ofKinds(problems: Problems, kinds: readonly SettingsProblemKind[]): Problems {
  const wanted = problems.filter(({ kind }) => kinds.includes(kind));
  return [
    ...new Map(
      wanted.map((each) => [JSON.stringify([each.name, each.why, each.values]), each]),
    ).values(),
  ];
}
