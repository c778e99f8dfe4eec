import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const unknownSetting = defineCheck({
  id: 'unknown-setting',
  title: 'etcd does not know the name of a setting',
  severity: 'medium',
  rationale:
    'etcd ignores unknown ETCD_ variables with a warning, and unknown keys of its configuration file ' +
    'silently. A misspelled or outdated name leaves TLS or client authentication off.',
  remediation: 'Correct the name, or remove the setting.',
  references: [etcdConfiguration],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'unknown-variable', 'unknown-key'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `etcd ignores ${name}: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd logs: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
