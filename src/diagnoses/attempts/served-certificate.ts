import { causeOfRule } from '../../forecast/rules.ts';
import { enumerate } from '../../model/words.ts';
import type { Cause, CauseCode } from '../cause.ts';
import {
  type Argument,
  argue,
  type Expert,
  type FailedAttempt,
  isRejectedByServer,
} from './attempt.ts';

/** What the served chain argues for, judged as the client would judge it. */
export const servedCertificate: Expert = (attempt) => [
  ...(isRejectedByServer(attempt) && attempt.servedRefusal !== undefined
    ? []
    : [...refused(attempt), ...ofAnotherMember(attempt)]),
  ...interception(attempt),
  ...alerts(attempt),
];

function refused({ servedRefusal, observation }: FailedAttempt): readonly Argument[] {
  if (servedRefusal === undefined) {
    if (observation.flight === undefined) return [];
    return [
      { cause: 'CA-CLIENT', weight: -8, because: 'the served chain verifies with the CA given' },
      {
        cause: 'SAN',
        weight: -8,
        because: 'the served certificate contains the host connected to',
      },
    ];
  }
  return [
    {
      cause: causeOfRule(servedRefusal.kind, 'client') ?? 'UNKNOWN',
      weight: 9,
      because: `the served certificate is rejected: ${servedRefusal.text}`,
    },
  ];
}

/** A certificate without the host, which another member serves as well. */
function ofAnotherMember({ servedRefusal, twin }: FailedAttempt): readonly Argument[] {
  if (servedRefusal?.kind !== 'x509.host-name' || twin === undefined) return [];
  const { member, isSameProcess } = twin;
  if (isSameProcess === true) {
    const because = `the process that answers is ${member}: a port forward, NAT, a balancer or a DNS entry leads to it`;
    return [argue('PROXY', 14, because)];
  }
  const because = `${member} serves the very same certificate`;
  return [argue('SAN-COPY', isSameProcess === false ? 14 : 7, because)];
}

/** What a served certificate of an unknown CA means next to those of the other members. */
export function wordsForServed(cause: CauseCode, attempt: FailedAttempt): Partial<Cause> {
  const { verifiedMembers = [], observation } = attempt;
  const [leaf] = observation.flight?.chain ?? [];
  if (cause !== 'CA-CLIENT' || leaf === undefined || verifiedMembers.length === 0) return {};
  const member = observation.endpoint.member ?? 'this member';
  const others = enumerate(verifiedMembers);
  return {
    title: `${member} serves a certificate of another CA than ${others}`,
    remedy:
      `Reissue the server certificate of ${member} from the CA that issued the others' (${others}). ` +
      `Only where ${leaf.issuer.text} is to be trusted as well, add it to the CA file of the clients.`,
  };
}

/** The certificate and its issuer are both outside the set: another program terminates TLS. */
function interception({
  observation: { flight },
  servedRefusal,
  edge,
}: FailedAttempt): readonly Argument[] {
  const [leaf] = flight?.chain ?? [];
  if (leaf === undefined || edge?.outcome !== 'accepted') return [];
  if (servedRefusal === undefined || causeOfRule(servedRefusal.kind) !== 'CA-CLIENT') return [];
  const foreign = `the files predict success, but the certificate served (${leaf.subject.text}, issued by ${leaf.issuer.text}) is not among them`;
  return flight?.clientCertificateRequested === true
    ? [argue('PROXY', 4, foreign)]
    : [argue('PROXY', 11, `${foreign}, and the server does not request a client certificate`)];
}

/** Alerts that come before the server has named its certificate, by number (RFC 8446 6). */
const early: ReadonlyMap<number, readonly Argument[]> = new Map([
  [40, [argue('VERSION', 7, 'no cipher suite in common (alert 40 before any certificate)')]],
  [70, [argue('VERSION', 9, 'no TLS version in common (alert 70)')]],
  [
    80,
    [
      argue('PEM', 7, 'the process cannot load its certificate and key (alert 80)'),
      argue('FILE', 6, 'a missing or unreadable file gives the same alert'),
    ],
  ],
  [112, [argue('PROXY', 7, 'something that routes by server name rejected ours (alert 112)')]],
  [120, [argue('PROXY', 7, 'what terminates TLS here does not offer HTTP/2 (alert 120)')]],
]);

function alerts({ observation: { alert } }: FailedAttempt): readonly Argument[] {
  if (alert === undefined) return [];
  return (
    early.get(alert) ?? [argue('VERSION', 3, `the handshake was rejected with alert ${alert}`)]
  );
}
