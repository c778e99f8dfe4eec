import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const emptySetting = defineCheck({
  id: 'empty-setting',
  title: 'Environment variable is empty',
  severity: 'low',
  rationale:
    'etcd treats an empty ETCD_ variable as not set and logs it as "unrecognized". A template with a ' +
    'missing value thus leaves the default in use, which is off for TLS settings.',
  remediation: 'Give the variable its value, or remove the line.',
  references: [etcdConfiguration],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'empty-variable'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays } = problem;
    return fail({
      message: `${name} is empty: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd logs: ${etcdSays}` }),
    });
  },
});
