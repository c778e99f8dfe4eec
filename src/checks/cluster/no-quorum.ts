import { defineCheck, fail, pass } from '../../model/check.ts';
import { quorumOutlooks } from '../support/quorum.ts';
import { etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const noQuorum = defineCheck({
  id: 'no-quorum',
  title: 'The members cannot form a quorum',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'With these certificates and settings too few members reach each other to elect a leader. A new ' +
    'cluster does not come up; one that runs stops with the restart of its members.',
  remediation:
    'Do not restart any member that still runs. Mend the certificates named in the findings about peers, ' +
    'then go through the members one at a time.',
  references: [etcdSecurity, 'https://etcd.io/docs/latest/op-guide/failures/'],
  standards: [],

  needs: ['members', 'forecast'],

  targets: (facts) => quorumOutlooks(facts),

  examine({ outlook: { hasQuorum, severed, refused, total } }) {
    if (hasQuorum) return pass;

    return fail({
      message: `${refused.length} of ${total} peer handshakes are refused: no member reaches enough others to lead`,
      expected: 'a majority of members that reach each other',
      actual: `no connection at all: ${enumerate(severed.map(([one, other]) => `${one}/${other}`))}`,
    });
  },
});
