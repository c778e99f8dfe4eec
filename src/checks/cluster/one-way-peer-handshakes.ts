import { defineCheck, fail, pass } from '../../model/check.ts';
import { routes } from '../support/refused-certificates.ts';
import { isRefused } from '../../model/forecast.ts';
import { quorumOutlooks, quorumUnknown } from '../support/quorum.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const oneWayPeerHandshakes = defineCheck({
  id: 'one-way-peer-handshakes',
  title: 'Members reach each other in one direction only',
  severity: 'high',
  rationale:
    'One connection between two members is enough for raft: the cluster reports healthy while half of its ' +
    'peer handshakes are rejected. It depends entirely on the connections that still work; restarting one ' +
    'member can break them.',
  remediation:
    'Fix the certificates named in the peer findings before any member is restarted, and last the member ' +
    'whose loss would cost the quorum.',
  references: [etcdSecurity, etcdListener],

  needs: ['members', 'forecast'],

  targets: (facts) => quorumOutlooks(facts),

  examine({ outlook }, { facts }) {
    if (outlook === undefined) return quorumUnknown(facts.members);
    const { oneWay, refused, total, indispensable, hasQuorum } = outlook;
    // While any member may be lost, each refusal is found at its certificate, and that is all there is to say.
    if (oneWay.length === 0 || !hasQuorum || indispensable.length === 0) return pass;

    return fail({
      message: `${refused.length} of ${total} peer handshakes are rejected while the cluster looks healthy: the loss of ${indispensable.join(' or ')} costs the quorum`,
      expected: 'every member to reach every other one',
      actual: `one direction only: ${enumerate(oneWay.map(([one, other]) => `${one}/${other}`))}`,
      cause: `refused: ${enumerate(routes(refused.filter(isRefused)), 6)}`,
    });
  },
});
