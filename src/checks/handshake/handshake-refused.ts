import { defineCheck, fail, inconclusive, pass } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import { asSentence } from '../support/refused-certificates.ts';
import { isRefused, saysWhat } from '../support/edges.ts';
import { isExplained } from '../support/explained.ts';
import { etcdSecurity, goTls } from '../support/references.ts';
import { enumerate } from '../../deployment/certificate-uses.ts';

export const handshakeRefused = defineCheck({
  id: 'handshake-refused',
  title: 'A connection that the deployment needs will be refused',
  severity: 'high',
  rationale:
    'By the rules of etcd and Go one of the two sides ends this connection. For a client that is an ' +
    'outage behind a timeout; between members it is a part of the quorum.',
  remediation:
    'Mend what the cause names, at the certificate or setting that is named. For CA files and settings ' +
    'restart the members one at a time; leaves need no restart.',
  references: [etcdSecurity, goTls],
  standards: [],

  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) =>
    facts.forecast
      .filter(({ wanted, edge }) => wanted === 'accepted' && edge !== 'self')
      .map((edge) => ({ target: edge.target, edge, facts })),

  examine({ edge, facts }, context) {
    if (edge.outcome === 'not-sure' && edge.observed?.outcome !== 'accepted') {
      const { dependsOn = ['more than files can tell'] } = edge;
      return inconclusive(`it depends on ${enumerate(dependsOn)}`);
    }
    if (!isRefused(edge) || isExplained(edge, facts, context)) return pass;

    const cause = saysWhat(edge);
    return fail({
      message: `${edge.from} cannot connect to ${edge.to}`,
      expected: 'accepted',
      actual: `refused${by(edge)} (${edge.rule})`,
      ...(cause !== undefined && { cause }),
      ...(edge.remedy !== undefined && { fix: asSentence(edge.remedy) }),
    });
  },
});

function by({ refusedBy, from, member = 'the server' }: Edge): string {
  const sides = {
    client: ` by ${from}`,
    server: ` by ${member}`,
    start: `: ${member} does not start`,
    'never-dials': `: ${from} fails before it dials`,
  };
  return refusedBy === undefined ? '' : sides[refusedBy];
}
