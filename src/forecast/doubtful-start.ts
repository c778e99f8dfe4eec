import { settingsWords } from '../etcd/settings-words.ts';
import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { SettingsProblem } from '../model/settings-problem.ts';

/** What the start of a member depends on, where its settings may end it. */
const conditions: Partial<Record<SettingsProblem['kind'], string>> = {
  'refused-at-first-start': 'having started before, since etcd exits at a first start with',
  'refused-by-known-releases': 'starting, since no release whose flags are known has',
  'refused-at-some-starts': 'starting, which is random with',
  'refused-on-some-hosts': 'starting, since on some hosts etcd exits with',
};

interface Doubt {
  readonly condition: string;
  readonly remedy?: string;
}

/** The members of which it is open whether they start. */
export function doubtfulStarts(members: readonly Member[]): ReadonlyMap<string, Doubt> {
  return new Map(
    members.flatMap(({ name, problems }) => {
      const [doubt] = problems.flatMap((problem): readonly Doubt[] => {
        const condition = conditions[problem.kind];
        if (condition === undefined) return [];
        const { remedy } = settingsWords(problem);
        const what = `${name} ${condition} ${problem.name}`;
        return [{ condition: what, ...(remedy !== undefined && { remedy }) }];
      });
      return doubt === undefined ? [] : [[name, doubt] as const];
    }),
  );
}

/** What the deployment needs is not sure to be accepted where one of the members may not start. */
export function unlessStopped(edge: Edge, doubts: ReadonlyMap<string, Doubt>): Edge {
  const { member = '', from, outcome, edge: kind } = edge;
  if (outcome !== 'accepted') return edge;
  const doubt = doubts.get(member) ?? (kind === 'peer' ? doubts.get(from) : undefined);
  if (doubt === undefined) return edge;
  const { condition, remedy } = doubt;
  return {
    ...edge,
    outcome: 'not-sure',
    rule: 'etcd.refused-at-start',
    dependsOn: [condition],
    ...(remedy !== undefined && { remedy }),
  };
}
