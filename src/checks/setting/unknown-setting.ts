import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const unknownSetting = defineCheck({
  id: 'unknown-setting',
  title: 'A setting has a name that etcd does not know',
  severity: 'medium',
  rationale:
    'etcd passes over unknown ETCD_ variables with a warning, and over unknown keys of its configuration ' +
    'file in silence. A misspelt or outdated name leaves TLS or client authentication off.',
  remediation: 'Correct the name, or take the setting away.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'unknown-variable', 'unknown-key'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} is passed over: ${detail}`,
      ...(etcdSays !== undefined && { cause: `it says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
