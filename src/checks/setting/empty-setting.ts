import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const emptySetting = defineCheck({
  id: 'empty-setting',
  title: 'A variable is set to nothing',
  severity: 'low',
  rationale:
    'etcd takes an empty ETCD_ variable for one that is not set and calls it "unrecognized". A template ' +
    'whose value was missing thus leaves the default in force, which for TLS settings is off.',
  remediation: 'Give the variable its value, or take the line away.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'empty-variable'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays } = problem;
    return fail({
      message: `${name} is empty: ${detail}`,
      ...(etcdSays !== undefined && { cause: `it says: ${etcdSays}` }),
    });
  },
});
