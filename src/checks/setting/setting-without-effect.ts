import { defineCheck, fail, pass } from '../../model/check.ts';
import type { ProblemReason } from '../../model/settings-problem.ts';
import { problemsOf } from '../support/settings-problems.ts';
import { etcdConfiguration, etcdListener } from '../support/references.ts';

export const settingWithoutEffect = defineCheck({
  id: 'setting-without-effect',
  title: 'A setting does nothing',
  severity: 'medium',
  rationale:
    'etcd drops settings that do not fit together without an error: a CA file beside an http URL, a CRL ' +
    'where nobody is asked for a certificate, a key at the wrong level of the configuration file. What ' +
    'they were meant to protect is not protected.',
  remediation:
    'Make the setting effective or take it away, so that the configuration says what etcd does.',
  references: [etcdConfiguration, etcdListener],
  standards: [],

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
      ...(etcdSays !== undefined && { cause: `etcd says: ${etcdSays}` }),
      ...(remedy !== undefined && { fix: remedy }),
    });
  },
});

/** Files beside an http URL or a generated certificate are part of the finding about that URL or `--auto-tls`. */
const ofOtherChecks: ReadonlySet<ProblemReason> = new Set([
  'plaintext-files',
  'plaintext-authentication',
  'auto-tls',
]);
