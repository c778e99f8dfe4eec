import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import { openAtStart } from '../support/first-start.ts';
import { aboutProblem, problemsOfMembers } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';
import { groupBy } from '../../model/group-by.ts';

export const settingsRefusedAtStart = defineCheck({
  id: 'settings-refused-at-start',
  title: 'etcd does not start with these settings',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'etcd exits with an error at start, or as soon as it has joined. A rolling restart with such settings ' +
    'stops one member after the other until quorum is lost.',
  remediation:
    'Correct the setting and start one member with it; continue with the next when it has joined and ' +
    '`etcdctl endpoint health` succeeds.',
  references: [etcdConfiguration],

  explains: ['etcd.refused-at-start', 'etcd.half-pair'],
  needs: ['members'],

  // The first reason ends the process: a second one about the same setting is never reached.
  targets: (facts) =>
    [...groupBy(problemsOfMembers(facts, ...kinds), ({ target }) => target.name).values()].map(
      (all) => all.find(({ problem }) => problem?.kind === 'refused-at-start') ?? all[0],
    ),

  examine({ owner, problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    if (problem.kind === 'refused-at-first-start') {
      return openAtStart(owner, `${name} prevents etcd from starting: ${detail}`);
    }
    if (problem.kind === 'no-member') {
      return inconclusive(`${name}: ${detail}`, remedy);
    }
    if (problem.kind === 'refused-on-some-hosts')
      return inconclusive(
        `${name} may prevent etcd from starting: ${detail}`,
        'initial-advertise-peer-urls and initial-cluster, with the address of the member',
      );
    if (problem.kind === 'refused-by-known-releases')
      return inconclusive(
        `${name} may prevent etcd from starting: no release whose flags are known has it`,
        'the release that runs, or remove the flag',
      );
    return fail({
      about: aboutProblem(owner, problem),
      message:
        problem.kind === 'refused-at-some-starts'
          ? `${name} ends some starts of etcd, at random: ${detail}`
          : `${name} prevents etcd from starting: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd logs: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});

const kinds = [
  'refused-at-start',
  'refused-at-first-start',
  'refused-at-some-starts',
  'no-member',
  'refused-on-some-hosts',
  'refused-by-known-releases',
] as const;
