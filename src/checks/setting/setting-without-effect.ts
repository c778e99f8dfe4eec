import { defineCheck, fail, pass } from '../../model/check.ts';
import type { ProblemReason } from '../../model/problem-words.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration, etcdListener } from '../support/references.ts';

export const settingWithoutEffect = defineCheck({
  id: 'setting-without-effect',
  title: 'Setting has no effect',
  severity: 'medium',
  rationale:
    'etcd ignores settings that do not fit together without an error: a CA file with an http URL, a CRL ' +
    'without client authentication, a key at the wrong level of the configuration file. They do not ' +
    'protect anything.',
  remediation:
    'Make the setting effective or remove it, so that the configuration shows what etcd does.',
  references: [etcdConfiguration, etcdListener],

  needs: ['members', 'clients'],

  targets: (facts) =>
    problemsOf(
      facts,
      'without-effect',
      'misplaced-key',
      'duplicate-section',
      'not-in-this-version',
    ),

  examine({ problem }) {
    if (problem === undefined || ofOtherChecks.has(problem.why)) return pass;

    const { name, detail, etcdSays, remedy } = problem;
    return fail({
      message: `${name} has no effect: ${detail}`,
      ...(etcdSays !== undefined && { cause: `etcd logs: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});

/** Files given with an http URL or a generated certificate are part of the finding about that URL or `--auto-tls`. */
const ofOtherChecks: ReadonlySet<ProblemReason> = new Set([
  'plaintext-files',
  'plaintext-authentication',
  'auto-tls',
]);
