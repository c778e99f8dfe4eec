import { defineCheck, fail, pass } from '../../model/check.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration } from '../support/references.ts';

export const settingsNotUnderstood = defineCheck({
  id: 'settings-not-understood',
  title: 'A part of the settings cannot be parsed',
  severity: 'medium',
  rationale:
    'What cannot be parsed is not in force, or keeps the process from starting. Nothing that this audit ' +
    'says of the owner is complete while a part of its settings is unknown.',
  remediation: 'Correct the line that is named.',
  references: [etcdConfiguration],
  standards: [],

  needs: ['members', 'clients'],

  targets: (facts) => problemsOf(facts, 'unparsable'),

  examine({ problem }) {
    if (problem === undefined) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} cannot be parsed: ${detail}`,
      ...(etcdSays !== undefined && { cause: `it says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});
