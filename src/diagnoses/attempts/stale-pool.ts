import type { Argument, FailedAttempt } from './attempt.ts';

/**
 * What the CA names on the wire say about a refused certificate. They are the pool that the process
 * holds in memory, by name only: a CA of the same name with another key looks the same.
 */
export function isIssuedTo(attempt: FailedAttempt): readonly Argument[] {
  const { shown, observation, trustedOnDisk } = attempt;
  const flight = observation.flight;
  if (shown === undefined || flight === undefined || !flight.clientCertificateRequested) return [];

  const issuer = shown.certificate.issuer;
  const inMemory = flight.acceptableCas.some(({ raw }) => raw === issuer.raw);
  if (inMemory) return sameName(issuer.text);
  if (flight.acceptableCas.length === 0) {
    return [
      {
        cause: 'PEM',
        weight: 6,
        because:
          'the server names no CA at all: its CA file holds none that Go can see, or is not set',
      },
      {
        cause: 'CONFIG',
        weight: 5,
        because: 'client authentication without a CA file verifies against the operating system',
      },
    ];
  }
  const held = flight.acceptableCas.map(({ text }) => text).join('; ');
  if (trustedOnDisk?.includes(issuer.raw) === true) {
    return [
      {
        cause: 'CA-ROT',
        weight: 12,
        because: `the CA file holds ${issuer.text}, the running process only ${held}: it has not been restarted since`,
      },
    ];
  }
  return [
    {
      cause: 'CA-SERVER',
      weight: 7,
      because: `our certificate is by ${issuer.text}; the server accepts only ${held}`,
    },
  ];
}

function sameName(issuer: string): readonly Argument[] {
  return [
    {
      cause: 'CA-SERVER',
      weight: -7,
      because: `the server names ${issuer} among the CAs that it accepts`,
    },
    {
      cause: 'CA-MIX',
      weight: 5,
      because: `the server names ${issuer}, and may hold another key under that name`,
    },
    {
      cause: 'CA-ROT',
      weight: 3,
      because: 'a CA that was renewed under its old name shows only in the key',
    },
  ];
}
