import { isIssuedTo } from './stale-pool.ts';
import type { SubjectAltName } from '../../model/certificate.ts';
import {
  type Argument,
  argue,
  type Expert,
  type FailedAttempt,
  type PresentedCertificate,
  tellsCausesApart,
} from './attempt.ts';

/** What a refusal of our certificate argues for: by the alert, by our own certificate, by the CA names on the wire. */
export const clientCertificate: Expert = (attempt) => {
  const { admission } = attempt;
  if (admission === undefined || admission.outcome === 'admitted') return [];
  return [
    ...(admission.outcome === 'refused' ? byAlert(attempt, admission.alert) : []),
    ...(admission.outcome === 'closed' ? silentRefusal(attempt) : []),
    ...(admission.outcome === 'refused' ? ownFaults(attempt) : []),
    ...(admission.outcome === 'refused' ? isIssuedTo(attempt) : []),
    ...(admission.outcome === 'refused' ? byTheirClock(attempt) : []),
  ];
};

/** Go 1.21 began to distinguish causes; older servers send 42 for everything (crypto/tls handshake_server.go). */
const alertMeanings: ReadonlyMap<number, Expert> = new Map<number, Expert>([
  [116, () => [argue('NOCERT', 10, 'alert 116: the server got no certificate')]],
  [
    48,
    () => [argue('CA-SERVER', 6, 'alert 48: the server does not trust the CA of our certificate')],
  ],
  [45, outsideValidity],
  [40, nothingInCommon],
  [80, () => [argue('PEM', 8, 'alert 80: the process cannot load its certificate and key')]],
  [42, badCertificate],
]);

function byAlert(attempt: FailedAttempt, alert: number | undefined): readonly Argument[] {
  const meaning = alert === undefined ? undefined : alertMeanings.get(alert);
  if (meaning !== undefined) return meaning(attempt);
  return [
    argue('UNKNOWN', 1, `rejected with ${alert === undefined ? 'no alert' : `alert ${alert}`}`),
  ];
}

function outsideValidity(attempt: FailedAttempt): readonly Argument[] {
  return [
    argue(
      'EXPIRED',
      6,
      "alert 45: our certificate is expired or not yet valid by the server's clock",
    ),
    ...(isValidHere(attempt)
      ? [argue('CLOCK', 13, 'our certificate is valid by our clock, so the clocks differ')]
      : []),
  ];
}

function nothingInCommon({ admission }: FailedAttempt): readonly Argument[] {
  return admission?.presented === 'nothing'
    ? [
        argue(
          'NOCERT',
          8,
          'alert 40 over TLS 1.2: Go 1.25 and later send it when the client presents no certificate',
        ),
      ]
    : [argue('VERSION', 6, 'alert 40: nothing in common to sign or encrypt with')];
}

function badCertificate(attempt: FailedAttempt): readonly Argument[] {
  if (attempt.admission?.presented === 'nothing')
    return [argue('NOCERT', 8, 'alert 42, and we presented no certificate')];
  return tellsCausesApart(attempt)
    ? [
        argue(
          'AUTHZ',
          4,
          'alert 42 from Go 1.21 or later is neither a missing certificate, nor an unknown CA, nor a date',
        ),
      ]
    : [
        argue(
          'AUTHZ',
          3,
          'alert 42 is also sent when the name is not in the list of allowed names',
        ),
      ];
}

/** etcd closes without an alert after the handshake when its own rules refuse (pkg/transport/listener_tls.go). */
function silentRefusal(attempt: FailedAttempt): readonly Argument[] {
  const revoked = argue(
    'AUTHZ',
    6,
    'the handshake finished and etcd closed the connection without an alert, as it does for a serial number in its CRL',
  );
  return attempt.admission?.endpoint.serves === 'peer'
    ? [revoked, ...sourceAddress(attempt)]
    : [revoked];
}

function sourceAddress({ admission, shown }: FailedAttempt): readonly Argument[] {
  const { ipAddresses, dnsNames } = shown?.certificate.subjectAltName ?? noNames;
  const names = [...ipAddresses, ...dnsNames];
  if (names.length === 0) return [];
  const source = admission?.localAddress ?? 'an unknown address';
  const weight = ipAddresses.includes(source) ? 5 : 9;
  return [
    argue(
      'SAN-PEER',
      weight,
      `the peer port closed the connection after the handshake: the certificate is for ${names.join(', ')}, and we connected from ${source}, unless NAT changed it`,
    ),
  ];
}

const noNames: Pick<SubjectAltName, 'ipAddresses' | 'dnsNames'> = { ipAddresses: [], dnsNames: [] };

function ownFaults(attempt: FailedAttempt): readonly Argument[] {
  const { shown, now } = attempt;
  if (shown === undefined) return [];
  const { notAfter, notBefore, extendedKeyUsage } = shown.certificate;
  const usages = extendedKeyUsage ?? ['any'];
  const mayBeClient = usages.some((usage) =>
    /^(?:any|anyExtendedKeyUsage|clientAuth)$/.test(usage),
  );
  return [
    Date.parse(notAfter) < now.getTime()
      ? { cause: 'EXPIRED', weight: 9, because: `${shown.file} expired at ${notAfter}` }
      : { cause: 'EXPIRED', weight: -4, because: `${shown.file} is valid until ${notAfter}` },
    ...(Date.parse(notBefore) > now.getTime()
      ? [
          {
            cause: 'CLOCK',
            weight: 10,
            because: `${shown.file} is not valid before ${notBefore}`,
          } as const,
        ]
      : []),
    mayBeClient
      ? { cause: 'EKU', weight: -4, because: `${shown.file} may be used by clients` }
      : {
          cause: 'EKU',
          weight: 9,
          because: `${shown.file} lacks clientAuth (it has ${usages.join(', ')})`,
        },
  ];
}

/** Go before 1.21 sends alert 42 for dates too: then only the member's clock decides. */
function byTheirClock(attempt: FailedAttempt): readonly Argument[] {
  const { shown, memberTime } = attempt;
  if (shown === undefined || !isValidHere(attempt)) return [];
  if (memberTime === undefined) return byYoungDate(attempt, shown);
  const { notBefore, notAfter } = shown.certificate;
  const theirs = Date.parse(memberTime);
  if (Date.parse(notBefore) <= theirs && theirs <= Date.parse(notAfter)) return [];
  return [
    argue(
      'CLOCK',
      13,
      `the member's clock shows ${memberTime}, when ${shown.file} (${notBefore} to ${notAfter}) is not valid`,
    ),
  ];
}

const aDay = 86_400_000;

/** A new certificate of an old CA: what a clock that is behind refuses, when nothing else has changed. */
function byYoungDate(attempt: FailedAttempt, shown: PresentedCertificate): readonly Argument[] {
  const { trustedOnDisk = [], now, admission } = attempt;
  const { notBefore, issuer } = shown.certificate;
  const isYoung = (date: string): boolean => now.getTime() - Date.parse(date) < aDay;
  const issuers = trustedOnDisk.filter(({ subject }) => subject.raw === issuer.raw);
  const isOldIssuer = issuers.length > 0 && issuers.every((ca) => !isYoung(ca.notBefore));
  if (admission?.alert !== 42 || tellsCausesApart(attempt)) return [];
  if (!isYoung(notBefore) || !isOldIssuer) return [];
  return [
    argue(
      'CLOCK',
      10,
      `${shown.file} is valid only since ${notBefore}, and its CA is older: a member whose clock is behind that time rejects the certificate`,
    ),
  ];
}

function isValidHere({ shown, now }: FailedAttempt): boolean {
  if (shown === undefined) return false;
  const { notBefore, notAfter } = shown.certificate;
  return Date.parse(notBefore) <= now.getTime() && now.getTime() <= Date.parse(notAfter);
}
