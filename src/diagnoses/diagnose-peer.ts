import type { Edge } from '../model/forecast.ts';
import type { Admission, EndpointObservation } from '../model/live.ts';
import { argue, type FailedAttempt } from './attempts/attempt.ts';
import { causeOfRule } from '../forecast/rules.ts';
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
  /** Whether the member has an open stream to another one. */
  readonly reachesOthers?: boolean;
  /** At the other's peer port. */
  readonly served?: Served;
  /** At the member's own: its counter falls as well where the other loses its connection to it. */
  readonly ownServed?: Served;
  readonly now: Date;
}

/** What was seen of the certificate that a peer port serves. */
export interface Served {
  /** What Go says against it. */
  readonly refusal?: FailedAttempt['servedRefusal'];
  /** Another member whose peer port serves the very same one. */
  readonly twin?: FailedAttempt['twin'];
}

/** Names the cause of a lost peer connection, which only the two hosts can see. Pure. */
export function diagnosePeer(lost: LostPeer): Diagnosis {
  return conclude([...predicted(lost), ...seenFromHere(lost)], lookThatDecides(lost));
}

function lookThatDecides({ member, peer, served, ownServed }: LostPeer): string {
  const rejected = served?.refusal ? peer : ownServed?.refusal && member;
  if (rejected !== undefined) {
    return (
      `\`openssl x509 -noout -fingerprint -sha256\` of the peer certificate on ${rejected}: where it is the one that ` +
      `is served, replace the file; where not, the way to ${rejected} leads to another process`
    );
  }
  return (
    `the logs at this moment: \`rejected connection\` from an address that is not ${member}'s in the log of ${peer} ` +
    `means SAN-PEER; \`i/o timeout\` or \`connection refused\` in the log of ${member} means NET`
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
  const rejected = rejectedChain(peer, lost.served);
  if (rejected.length > 0) return rejected;
  const back = rejectedChain(member, lost.ownServed);
  if (back.length > 0) return back;
  return [
    ...sourceAddress(lost),
    argue(
      'NET',
      undecided,
      `${peer} answers from here; the network may separate ${member} alone from it`,
    ),
    ...(lost.reachesOthers === true
      ? [
          argue(
            'NET',
            2,
            `${member} has a stream to another member, which sees the same certificate`,
          ),
        ]
      : []),
  ];
}

/** What members say of the certificate that is served at the peer port of one of them. */
function rejectedChain(at: string, { refusal, twin }: Served = {}): readonly Argument[] {
  if (refusal === undefined) return [];
  if (refusal.kind === 'x509.host-name' && twin !== undefined) {
    return [
      argue(
        'PROXY',
        undecided + 1,
        `the certificate of ${twin.member} is served at the peer port of ${at}: NAT, a port forward or a DNS entry may lead to ${twin.member}`,
      ),
      argue('SAN-COPY', undecided, `${at} may have been given the files of ${twin.member}`),
    ];
  }
  return [
    argue(
      causeOfRule(refusal.kind, 'client') ?? 'UNKNOWN',
      9,
      `members reject the certificate that the peer port of ${at} serves: ${refusal.text}`,
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
