import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { problemsOfMembers } from '../support/settings-problems.ts';

export const limitRejectsWrites = defineCheck({
  id: 'limit-rejects-writes',
  title: 'Limit leaves no room for any write',
  severity: 'high',
  onceRunning: true,
  rationale:
    'etcd starts with a request limit, a quota or a number of operations that is so low that it rejects every ' +
    'write, or every transaction. Etcd 3.6 opens no client port with such a request limit.',
  remediation: 'Remove the setting, or give it a value near the default of etcd.',
  references: [etcdConfiguration, 'https://etcd.io/docs/latest/dev-guide/limit/'],

  needs: ['members'],

  targets: (facts) => problemsOfMembers(facts, 'rejects-writes'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} is too low: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
