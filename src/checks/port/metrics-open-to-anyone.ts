import { defineCheck, fail, type HasTarget, pass } from '../../model/check.ts';
import { etcdConfiguration } from '../support/references.ts';
import { isSilent, withoutPage } from '../support/unanswered.ts';
import { isLoopback } from '../../model/host.ts';
import { portNamed } from '../support/subjects.ts';

export const metricsOpenToAnyone = defineCheck({
  id: 'metrics-open-to-anyone',
  title: 'Metrics are served without a client certificate',
  severity: 'low',
  decidedBy: 'observation',
  onceRunning: true,
  rationale:
    'The metrics contain the versions of etcd and Go, the ids of the members, and the sizes and rates of ' +
    'the data: no keys, but information that helps an attacker.',
  remediation:
    'Serve the metrics on loopback only (`--listen-metrics-urls=http://127.0.0.1:2381`), or with https, ' +
    'which uses the client authentication of the client port.',
  references: [etcdConfiguration],

  needs: ['processes'],

  // A client port that accepts every client is a worse finding of its own.
  targets: ({ processes }) => {
    const ports = processes.filter(
      ({ endpoint }) => endpoint.serves === 'metrics' && !isLoopback(endpoint.host),
    );
    const silent = withoutPage(ports, '/metrics');
    const isKnown = ({ target }: HasTarget) =>
      !silent.some((other) => other.target.name === target.name);
    return [...silent, ...ports.filter(isKnown)];
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { pages, presented, endpoint } = subject;
    const isOpen = pages.some(
      ({ path, httpStatus }) => path.startsWith('/metrics') && httpStatus === 200,
    );
    if (presented !== 'nothing' || !isOpen) return pass;

    return fail({
      message: `anyone who can reach ${portNamed(endpoint)} can read the metrics`,
      expected: 'a client certificate is required, or a loopback address',
      actual: 'HTTP 200 without a certificate',
    });
  },
});
