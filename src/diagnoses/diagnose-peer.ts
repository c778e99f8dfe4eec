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
  /** Outcomes of presenting members' certificates there from here. */
  readonly admissions: readonly Admission[];
  readonly now: Date;
}

/** Names the cause of a lost peer connection, which only the two hosts can see. Pure. */
export function diagnosePeer(lost: LostPeer): Diagnosis {
  const { member, peer } = lost;
  return conclude(
    [...predicted(lost), ...seenFromHere(lost)],
    `the logs at this moment: \`rejected connection\` from an address that is not ${member}'s in the log of ${peer} ` +
      `means SAN-PEER; \`i/o timeout\` or \`connection refused\` in the log of ${member} means NET`,
  );
}

function predicted({ edge }: LostPeer): readonly Argument[] {
  if (edge?.outcome !== 'refused') return [];
  const cause = causeOfEdge(edge);
  const text = edge.serverError ?? edge.clientError ?? edge.rule;
  return cause === undefined ? [] : [argue(cause, 12, `the files predict it: ${text}`)];
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
    argue(
      'NET',
      undecided,
      `${peer} answers from here; the network may separate ${member} alone from it`,
    ),
  ];
}

/**
 * The files predict acceptance, the other side accepts the certificate, and the connection still ends: that
 * leaves the addresses. etcd compares the source address with the names in the certificate.
 */
function sourceAddress({ admissions, edge, member, peer }: LostPeer): readonly Argument[] {
  const compares = admissions.some(({ outcome }) => outcome === 'closed');
  if (!compares || edge?.outcome !== 'accepted') return [];
  return [
    argue(
      'SAN-PEER',
      undecided,
      `${peer} accepts members' certificates and then compares the source address: it rejects ${member} if NAT changes that address`,
    ),
  ];
}
