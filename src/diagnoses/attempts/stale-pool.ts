import type { Certificate } from '../../model/certificate.ts';
import type { ServerFlight } from '../../model/live.ts';
import { comparePool } from '../../pki/pool-names.ts';
import { type Argument, argue, type FailedAttempt, tellsCausesApart } from './attempt.ts';

/**
 * What the CA names on the wire say about a refused certificate. They are the pool that the process
 * holds in memory, by name only: a CA of the same name with another key is visible when added next to the
 * old one, and looks the same when it replaced it.
 */
export function isIssuedTo(attempt: FailedAttempt): readonly Argument[] {
  const { shown, observation, trustedOnDisk } = attempt;
  const flight = observation.flight;
  if (shown === undefined || flight === undefined || !flight.clientCertificateRequested) return [];

  const issuer = shown.certificate.issuer;
  const { acceptableCas } = flight;
  if (isMissing(trustedOnDisk, acceptableCas, issuer.raw)) {
    const loaded = namesOf(acceptableCas);
    const because = `the CA file contains ${issuer.text}, the running process only ${loaded}: the process was not restarted after the file changed`;
    return [argue('CA-ROT', 12, because)];
  }
  if (acceptableCas.some(({ raw }) => raw === issuer.raw)) return sameName(attempt, issuer.text);
  if (acceptableCas.length === 0) {
    return [
      argue(
        'PEM',
        6,
        'the server lists no accepted CA: its CA file contains none that Go can read, or is not set',
      ),
      argue(
        'CONFIG',
        5,
        'without a CA file etcd verifies client certificates against the system trust store',
      ),
    ];
  }
  const because = `our certificate was issued by ${issuer.text}; the server accepts only ${namesOf(acceptableCas)}`;
  return [argue('CA-SERVER', 7, because), ...serversOwn(attempt, issuer.text)];
}

/** Whether the file has a CA of this name that the process does not name. */
function isMissing(
  trustedOnDisk: readonly Certificate[] | undefined,
  inMemory: ServerFlight['acceptableCas'],
  issuer: string,
): boolean {
  if (trustedOnDisk === undefined) return false;
  return comparePool(trustedOnDisk, inMemory).added.some(({ raw }) => raw === issuer);
}

function namesOf(authorities: ServerFlight['acceptableCas']): string {
  return authorities.map(({ text }) => text).join('; ') || 'an empty list';
}

/** Only Go 1.21 and later have an alert of its own for a date, an unknown CA or no certificate. */
function hasOwnAlert({ admission }: FailedAttempt): boolean {
  return [45, 48, 116].includes(admission?.alert ?? 0);
}

const anotherTime = argue(
  'CLOCK',
  4,
  "Go before 1.21 sends the same alert for a certificate outside its validity period by the member's clock, which could not be read",
);

/** Whether the key that signed the certificate shown also signed the one that was served. */
function hasIssuerOfServer({ shown, observation }: FailedAttempt): boolean {
  const [served] = observation.flight?.chain ?? [];
  const own = shown?.certificate;
  return (
    own?.authorityKeyId !== undefined &&
    own.issuer.raw === served?.issuer.raw &&
    own.authorityKeyId === served.authorityKeyId
  );
}

/** Where no file shows the pool: one CA for both sides that the server no longer, or not yet, has in memory. */
function serversOwn(attempt: FailedAttempt, issuer: string): readonly Argument[] {
  if (attempt.trustedOnDisk !== undefined || !hasIssuerOfServer(attempt)) return [];
  const because =
    `the server's own certificate is by ${issuer} as well, which it does not accept: its CA file may have been ` +
    'replaced since it was started, as its date tells';
  return [argue('CA-ROT', attempt.admission?.alert === 48 ? 11 : 5, because)];
}

function sameName(attempt: FailedAttempt, issuer: string): readonly Argument[] {
  // Such a server would have said that it does not know the CA.
  if (attempt.admission?.alert === 42 && tellsCausesApart(attempt)) return [];
  const isOfSameKey = hasIssuerOfServer(attempt);
  return [
    argue('CA-SERVER', -7, `the server lists ${issuer} among the CAs that it accepts`),
    // A server whose own certificate is by the same key rarely holds another key under that name.
    argue(
      'CA-MIX',
      isOfSameKey ? 2 : 5,
      `the server lists ${issuer}, and may have a different key under that name`,
    ),
    ...(isOfSameKey && attempt.memberTime === undefined && !hasOwnAlert(attempt)
      ? [anotherTime]
      : []),
    attempt.edge?.outcome === 'accepted'
      ? argue(
          'CA-ROT',
          8,
          `the CA file on disk accepts this certificate: the process lists ${issuer} and still has an older key under that name`,
        )
      : argue('CA-ROT', 3, 'a CA that was recreated under its old name differs only in its key'),
  ];
}
