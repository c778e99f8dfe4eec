import type { EndpointObservation } from '../../model/live.ts';
import { type Argument, argue, type Expert, type FailedAttempt } from './attempt.ts';
import { table } from '../../model/table.ts';

/** Below TLS: names, routes, doors and other protocols. Never a certificate's fault. */
export const beforeTls: Expert = (attempt) => [...unreachable(attempt), ...otherProtocol(attempt)];

const connectCodes = table<string>({
  ECONNREFUSED: 'the host answers and nothing listens on this port',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'packets to this port get no answer, as behind a firewall that drops them',
  TIMEOUT: 'packets to this port get no answer, as behind a firewall that drops them',
  EINVAL: 'the address cannot be dialled as it is; link-local IPv6 needs a zone',
  EADDRNOTAVAIL: 'this host has no address from which that one can be reached',
  ECONNRESET: 'the connection was reset before anything was said',
});

function unreachable({ observation }: FailedAttempt): readonly Argument[] {
  const failed = observation.stages.find(({ outcome }) => outcome === 'failed');
  if (failed?.name === 'resolve') {
    return [
      {
        cause: 'DNS',
        weight: 10,
        because: `the name does not resolve (${failed.code ?? 'no code'})`,
      },
    ];
  }
  if (failed?.name !== 'connect') return [];
  const code = failed.code ?? 'no code';
  return [
    {
      cause: 'NET',
      weight: 10,
      because: `${connectCodes[code] ?? 'no connection came about'} (${code})`,
    },
  ];
}

function otherProtocol({ observation }: FailedAttempt): readonly Argument[] {
  return protocols[observation.speaks](observation);
}

const nothing = (): readonly Argument[] => [];

/** What each kind of answer to a ClientHello argues for. */
const protocols: Readonly<
  Record<EndpointObservation['speaks'], (seen: EndpointObservation) => readonly Argument[]>
> = {
  http1: ({ sample = '' }) =>
    isProxyAnswer(sample)
      ? [argue('PROXY', 10, `an HTTP proxy or web server answers the ClientHello: ${sample}`)]
      : [argue('SCHEME', 9, 'plain HTTP answers on this port')],
  http2: () => [argue('SCHEME', 9, 'plain HTTP/2 answers on this port')],
  ssh: ({ sample = '' }) => [argue('CLI', 9, `an SSH server answers on this port: ${sample}`)],
  silence: ({ violation }) => [argue('NET', 9, silence(violation))],
  closed: ({ plaintext }) =>
    plaintext === 'answered'
      ? [argue('SCHEME', 10, 'the port closes on TLS and answers plain HTTP: TLS is off there')]
      : [argue('PROXY', 5, 'the port accepts connections and closes them when TLS begins')],
  reset: () => [
    argue('NET', 6, 'the connection is reset when TLS begins, as by a firewall or a full backlog'),
    argue('PROXY', 4, 'something on the way may refuse TLS'),
  ],
  unknown: ({ sample = '' }) => [
    argue('CLI', 7, `another service answers on this port: ${sample}`),
  ],
  tls: ({ flight, violation }) =>
    flight === undefined
      ? [
          argue(
            'NET',
            6,
            `a handshake begins and does not get on${violation === undefined ? '' : ` (${violation})`}`,
          ),
        ]
      : [],
  'tls-alert': nothing,
  unreachable: nothing,
};

/** A refusal of the request itself is etcd's neighbour speaking: etcd in plain text closes without a word. */
function isProxyAnswer(sample: string): boolean {
  return /^HTTP\/1\.[01] (?:30\d|40[0-9]|50\d)|squid|nginx|envoy|haproxy|proxy/i.test(sample);
}

function silence(violation: string | undefined): string {
  return violation === undefined
    ? 'the port accepts connections and never answers a ClientHello: another service, an overloaded one, or a firewall between'
    : `the answer comes too slowly or never ends (${violation})`;
}
