import { causeOfRule } from '../../forecast/rules.ts';
import { type Argument, argue, type Expert, type FailedAttempt } from './attempt.ts';

/** What the served chain argues for, judged as the client would judge it. */
export const servedCertificate: Expert = (attempt) => [
  ...refused(attempt),
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
