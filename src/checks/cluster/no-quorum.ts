import { defineCheck, fail, type Known, pass } from '../../model/check.ts';
import type { Edge } from '../../model/forecast.ts';
import { quorumOutlooks, quorumUnknown } from '../support/quorum.ts';
import { etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const noQuorum = defineCheck({
  id: 'no-quorum',
  title: 'Members cannot form a quorum',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'With these certificates and settings too few members reach each other to elect a leader. A new ' +
    'cluster does not start; a running one stops when its members restart.',
  remediation:
    'Do not restart any running member. Fix the certificates named in the peer findings, then restart the ' +
    'members one at a time.',
  references: [etcdSecurity, 'https://etcd.io/docs/latest/op-guide/failures/'],

  needs: ['members', 'forecast'],

  // That members do not start is a finding of each.
  targets: (facts) =>
    quorumOutlooks(facts).filter(
      ({ outlook }) =>
        outlook === undefined || outlook.hasQuorum || !areAllStopped(outlook.refused, facts),
    ),

  examine({ outlook }, { facts }) {
    if (outlook === undefined) return quorumUnknown(facts.members);
    const { hasQuorum, severed, refused, total } = outlook;
    if (hasQuorum) return pass;

    return fail({
      message: `${refused.length} of ${total} peer handshakes are rejected: no member reaches enough others to lead`,
      expected: 'a majority of members that reach each other',
      actual: `no connection at all: ${enumerate(severed.map(([one, other]) => `${one}/${other}`))}`,
    });
  },
});

/** Whether all the refusals are of members that do not start. */
function areAllStopped(refused: readonly Edge[], { forecast }: Known<'forecast'>): boolean {
  const stopped = new Set(
    forecast.filter(({ refusedBy }) => refusedBy === 'start').map(({ member }) => member),
  );
  return refused.every(({ from, member }) => stopped.has(from) || stopped.has(member));
}
