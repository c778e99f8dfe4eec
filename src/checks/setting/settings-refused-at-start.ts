import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { byFingerprint } from '../../deployment/sharing.ts';
import { etcdConfiguration } from '../support/references.ts';

export const settingsRefusedAtStart = defineCheck({
  id: 'settings-refused-at-start',
  title: 'etcd refuses to start with these settings',
  severity: 'high',
  rationale:
    'etcd ends with an error instead of starting, or as soon as it has joined. A rolling restart with ' +
    'such settings takes one member after the other down until quorum is lost.',
  remediation:
    'Correct the setting and start one member with it; go on to the next when it has joined and ' +
    '`etcdctl endpoint health` is good.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['members', 'clients'],

  // The first reason ends the process: a second one about the same setting is never reached.
  targets: (facts) =>
    byFingerprint(problemsOf(facts, 'refused-at-start'), ({ target }) => target.name).map(
      ([first]) => first,
    ),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} keeps it from starting: ${detail}`,
      ...(etcdSays !== undefined && { cause: `it says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
