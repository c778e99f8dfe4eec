import { defineConnectionCheck } from '../../model/check.ts';
import { type Edge, saysWhat } from '../../model/forecast.ts';
import { asSentence } from '../support/refused-certificates.ts';
import { etcdSecurity, goTls } from '../support/references.ts';
import { nameInWords } from '../../model/words.ts';

export const handshakeRefused = defineConnectionCheck({
  id: 'handshake-refused',
  title: 'Required connection is rejected',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'By the rules of etcd and Go one side rejects this connection. A client only sees a timeout; between ' +
    'members it costs part of the quorum. Connections explained by another finding are listed there.',
  remediation:
    'Fix the certificate or setting named in the cause. Restart the members one at a time after a change ' +
    'of CA files or settings; new leaf certificates need no restart.',
  references: [etcdSecurity, goTls],

  // A member that runs and cannot connect to itself loses its gateway only, which has a page of its own.
  reports: ({ edge, refusedBy, rule }) =>
    edge !== 'self' || refusedBy === 'start' || rule === 'etcd.refused-at-start',

  describe(edge) {
    const { from, to, outcome, observed, rule, remedy } = edge;
    const cause = saysWhat(edge);
    const isPredicted = outcome === 'refused';
    return {
      message: `${nameInWords(from)} cannot connect to ${to}`,
      expected: 'accepted',
      actual: isPredicted
        ? `refused${by(edge)} (${rule})`
        : `rejected when it was tried${observed?.error === undefined ? '' : `: ${observed.error}`}`,
      ...(cause !== undefined && { cause }),
      ...(remedy !== undefined && { fix: asSentence(remedy) }),
    };
  },
});

function by({ refusedBy, from, member = 'the server' }: Edge): string {
  const sides = {
    client: ` by ${nameInWords(from)}`,
    server: ` by ${member}`,
    start: `: ${member} does not start`,
    'never-dials': `: ${nameInWords(from)} fails before it connects`,
  };
  return refusedBy === undefined ? '' : sides[refusedBy];
}
