import { defineCheck, fail, pass } from '../../model/check.ts';
import { type About, aboutSetting } from '../../model/about.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';
import { groupBy } from '../../model/group-by.ts';
import type { SettingsProblem } from '../../model/settings-problem.ts';

export const settingsRefusedAtStart = defineCheck({
  id: 'settings-refused-at-start',
  title: 'etcd refuses to start with these settings',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'etcd ends with an error instead of starting, or as soon as it has joined. A rolling restart with ' +
    'such settings takes one member after the other down until quorum is lost.',
  remediation:
    'Correct the setting and start one member with it; go on to the next when it has joined and ' +
    '`etcdctl endpoint health` is good.',
  references: [etcdConfiguration],
  standards: [],

  explains: ['etcd.refused-at-start', 'etcd.half-pair'],
  needs: ['members', 'clients'],

  // The first reason ends the process: a second one about the same setting is never reached.
  targets: (facts) =>
    [...groupBy(problemsOf(facts, 'refused-at-start'), ({ target }) => target.name).values()].map(
      ([first]) => first,
    ),

  examine({ owner, problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      about: aboutProblem(owner, problem),
      message: `${name} keeps it from starting: ${detail}`,
      ...(etcdSays !== undefined && { cause: `it says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});

/** A certificate or key without the other is also known by the pair that it leaves incomplete. */
function aboutProblem(owner: string, { name }: SettingsProblem): readonly About[] {
  const isOfPair = /cert|key/i.test(name);
  return [aboutSetting(owner, name), ...(isOfPair ? [aboutSetting(owner, 'cert-file')] : [])];
}
