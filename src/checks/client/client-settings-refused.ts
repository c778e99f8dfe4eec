import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutProblem, problemsOfClients } from '../support/settings-problems.ts';

export const clientSettingsRefused = defineCheck({
  id: 'client-settings-refused',
  title: 'Client does not run with these settings',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'The client ends over its settings before it connects. A health check or a backup that does so never works.',
  remediation: 'Correct the setting and run the client again.',
  references: ['https://github.com/etcd-io/etcd/blob/main/etcdctl/README.md'],

  explains: ['etcd.refused-at-start', 'etcd.half-pair'],
  needs: ['clients'],

  targets: (facts) => problemsOfClients(facts, 'refused-at-start'),

  examine({ owner, problem }) {
    if (problem === undefined) return pass;

    const {
      name,
      detail,
      etcdSays,
      remedy = `Correct ${name}, then run ${owner} again.`,
    } = problem;
    return fail({
      about: aboutProblem(owner, problem),
      message: `${name} prevents ${owner} from connecting: ${detail}`,
      ...(etcdSays !== undefined && { cause: `${owner} says: ${etcdSays}` }),
      fix: remedy,
    });
  },
});
