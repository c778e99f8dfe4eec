import type { Facts } from '../../model/evidence.ts';
import type { Member } from '../../model/inventory.ts';
import type { SettingsProblem } from '../../model/settings.ts';
import type { Target } from '../../model/target.ts';
import { isEmptyTlsFlag } from './clients.ts';
import { enumerate } from '../../model/words.ts';

/** A problem in somebody's settings, or an owner who has none of the kinds asked for. */
export interface Problematic {
  readonly target: Target;
  readonly owner: string;
  readonly problem?: SettingsProblem;
}

type Kind = SettingsProblem['kind'];

/** Each problem of the given kinds in the settings of a member, and those of a client together. */
export function problemsOf(
  { members, clients }: Pick<Facts, 'members' | 'clients'>,
  ...kinds: readonly Kind[]
): readonly Problematic[] {
  const ofMembers = members.flatMap((member) => {
    const problems = ofKinds(member.problems, kinds);
    if (problems.length === 0) return [{ target: member.target, owner: member.name }];
    return problems.map((problem) => ({
      target: targetOf(member, problem),
      owner: member.name,
      problem,
    }));
  });
  const ofClients = clients.map(({ target, name, problems }) => {
    // A client without its certificate is a finding that names the empty flags.
    const others = problems.filter((problem) => !isEmptyTlsFlag(problem));
    const problem = together(ofKinds(others, kinds));
    return { target, owner: name, ...(problem !== undefined && { problem }) };
  });
  return [...ofMembers, ...ofClients];
}

function together(problems: readonly SettingsProblem[]): SettingsProblem | undefined {
  const [first, ...others] = problems;
  if (first === undefined || others.length === 0) return first;
  return {
    ...first,
    name: enumerate(problems.map(({ name }) => name)),
    detail: problems.map(({ name, detail }) => `${name}: ${detail}`).join('; '),
  };
}

/** Whether a setting does nothing because etcd makes its own certificate: a part of that finding. */
export function isDroppedByAutoTls({ kind, detail }: SettingsProblem): boolean {
  return kind === 'without-effect' && /^--(peer-)?auto-tls replaces/.test(detail);
}

/** What `--auto-tls` or `--peer-auto-tls` switches off, for the finding about it. */
export function droppedBy(flag: string, { problems }: Member): { readonly cause?: string } {
  const dropped = problems.filter(
    (problem) => isDroppedByAutoTls(problem) && problem.detail.startsWith(`${flag} `),
  );
  if (dropped.length === 0) return {};
  const names = [...new Set(dropped.map(({ name }) => name))];
  return { cause: `it switches off ${enumerate(names)}` };
}

/** Its name tells one setting from another; its place is where the setting stands. */
function targetOf({ name, target }: Member, problem: SettingsProblem): Target {
  const { location = target.location } = problem;
  return {
    kind: 'member',
    name: problem.name === '' ? name : `${name} ${problem.name}`,
    ...(location !== undefined && { location }),
    member: name,
  };
}

function ofKinds(
  problems: readonly SettingsProblem[],
  kinds: readonly Kind[],
): readonly SettingsProblem[] {
  const wanted = problems.filter(({ kind }) => kinds.includes(kind));
  return [...new Map(wanted.map((each) => [`${each.name} ${each.detail}`, each])).values()];
}
