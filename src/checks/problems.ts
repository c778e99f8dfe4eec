import type { Facts } from '../model/evidence.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { SettingsProblem } from '../model/settings.ts';
import type { Target } from '../model/target.ts';

/** A problem in somebody's settings, or an owner who has none of the kinds asked for. */
export interface Problematic {
  readonly target: Target;
  readonly owner: string;
  readonly problem?: SettingsProblem;
}

type Kind = SettingsProblem['kind'];

/** Each problem of the given kinds in the settings of members and clients, each once. */
export function problemsOf(
  { members, clients }: Pick<Facts, 'members' | 'clients'>,
  ...kinds: readonly Kind[]
): readonly Problematic[] {
  return [...members, ...clients].flatMap((owner) => {
    const problems = distinct(owner.problems.filter(({ kind }) => kinds.includes(kind)));
    if (problems.length === 0) return [{ target: owner.target, owner: owner.name }];
    return problems.map((problem) => ({
      target: targetOf(owner, problem),
      owner: owner.name,
      problem,
    }));
  });
}

/** `node1's ETCD_CA_FILE (10-etcd-member.conf:3)` without the place, which the target carries. */
function targetOf({ name, target }: Member | Client, problem: SettingsProblem): Target {
  const { location = target.location } = problem;
  return {
    kind: target.kind,
    name: problem.name === '' ? name : `${name} ${problem.name}`,
    ...(location !== undefined && { location }),
    ...(target.kind === 'member' && { member: name }),
  };
}

function distinct(problems: readonly SettingsProblem[]): readonly SettingsProblem[] {
  return [
    ...new Map(problems.map((problem) => [`${problem.name} ${problem.detail}`, problem])).values(),
  ];
}
