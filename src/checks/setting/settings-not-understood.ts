import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const settingsNotUnderstood = defineCheck({
  id: 'settings-not-understood',
  title: 'Part of the settings cannot be parsed',
  severity: 'medium',
  rationale:
    'A setting that cannot be parsed is not in use, or prevents the process from starting. Results about ' +
    'its owner are incomplete while some settings are unknown.',
  remediation: 'Correct the line named in the message.',
  references: [etcdConfiguration],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'unparsable'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} cannot be parsed: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd logs: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
