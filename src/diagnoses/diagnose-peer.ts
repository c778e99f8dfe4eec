import type { Edge } from '../model/forecast.ts';
import type { Admission, EndpointObservation } from '../model/live.ts';
import { argue } from './attempts/attempt.ts';
import { beforeTls } from './attempts/before-tls.ts';
import { causeOfEdge } from './cause-of-edge.ts';
import { conclude, type Diagnosis } from './conclude.ts';
import type { Argument } from './weigh.ts';

/** A member without an open stream to another, and what was seen of the other's peer port from here. */
export interface LostPeer {
  readonly member: string;
  readonly peer: string;
  /** What the files say of the dial of the one to the other. */
  readonly edge?: Edge;
  readonly observation?: EndpointObservation;
  /** What became of members' certificates that were shown there from here. */
  readonly admissions: readonly Admission[];
  readonly now: Date;
}

/** Names the cause of a lost peer connection, which nobody but the two hosts can see themselves. Pure. */
export function diagnosePeer(lost: LostPeer): Diagnosis {
  const { member, peer } = lost;
  return conclude(
    [...foretold(lost), ...seenFromHere(lost)],
    `the log of ${peer} at this moment: \`rejected connection\` from an address that is not ${member}'s is ` +
      `SAN-PEER; in the log of ${member} \`i/o timeout\` or \`connection refused\` is NET`,
  );
}

function foretold({ edge }: LostPeer): readonly Argument[] {
  if (edge?.outcome !== 'refused') return [];
  const cause = causeOfEdge(edge);
  const text = edge.serverError ?? edge.clientError ?? edge.rule;
  return cause === undefined ? [] : [argue(cause, 12, `the files foretell it: ${text}`)];
}

/** The weight of both causes that look the same from everywhere but the two hosts. */
const undecided = 6;

function seenFromHere(lost: LostPeer): readonly Argument[] {
  const { observation, now, member, peer } = lost;
  if (observation === undefined) return [];
  const below = beforeTls({ observation, now });
  if (below.length > 0) return below;
  if (observation.flight === undefined || lost.edge?.outcome === 'refused') return [];
  return [
    ...sourceAddress(lost),
    argue('NET', undecided, `${peer} answers here, and ${member} may be cut off from it alone`),
  ];
}

/**
 * Certificates are good by the files and taken by the other side, and the connection does not last: what
 * is left are the addresses. etcd compares the source of a dial with the names in the certificate.
 */
function sourceAddress({ admissions, edge, member, peer }: LostPeer): readonly Argument[] {
  const compares = admissions.some(({ outcome }) => outcome === 'closed');
  if (!compares || edge?.outcome !== 'accepted') return [];
  return [
    argue(
      'SAN-PEER',
      undecided,
      `${peer} takes members' certificates and then compares the address of who dials: it refuses ${member} if something on the way rewrites where it comes from`,
    ),
  ];
}
