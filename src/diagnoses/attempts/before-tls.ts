import type { EndpointObservation, SeenEndpoint } from '../../model/live.ts';
import { type Argument, argue, type Expert, type FailedAttempt } from './attempt.ts';
import { table } from '../../model/table.ts';

/** Below TLS: names, routes, doors and other protocols. Never a certificate's fault. */
export const beforeTls: Expert = (attempt) => [...unreachable(attempt), ...otherProtocol(attempt)];

const connectCodes = table<string>({
  ECONNREFUSED: 'the host answers, but nothing listens on this port',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
  ETIMEDOUT: 'packets to this port get no answer, as behind a firewall that drops them',
  TIMEOUT: 'packets to this port get no answer, as behind a firewall that drops them',
  EINVAL: 'the address cannot be used as written; a link-local IPv6 address needs a zone',
  EADDRNOTAVAIL: 'this host has no source address for that destination',
  ECONNRESET: 'the connection was reset before any data was sent',
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
      because: `${connectCodes[code] ?? 'no connection was established'} (${code})`,
    },
  ];
}

function otherProtocol({
  observation,
  peerPortAnswers,
  peersReachIt,
}: FailedAttempt): readonly Argument[] {
  if (observation.speaks === 'silence') return silent(observation, peerPortAnswers, peersReachIt);
  return protocols[observation.speaks](observation);
}

const nothing = (): readonly Argument[] => [];

/** What each kind of answer to a ClientHello argues for. */
const protocols: Readonly<
  Record<
    Exclude<EndpointObservation['speaks'], 'silence'>,
    (seen: EndpointObservation) => readonly Argument[]
  >
> = {
  http1: ({ sample = '' }) => {
    if (isGoAnswer(sample)) {
      const because =
        'a Go program such as etcd answers in plain HTTP, as on a port of `--listen-metrics-urls`';
      return [argue('SCHEME', 9, because)];
    }
    return isProxyAnswer(sample)
      ? [argue('PROXY', 10, `an HTTP proxy or web server answers the ClientHello: ${sample}`)]
      : [argue('SCHEME', 9, 'plain HTTP answers on this port')];
  },
  http2: () => [argue('SCHEME', 9, 'plain HTTP/2 answers on this port')],
  ssh: ({ sample = '' }) => [argue('CLI', 9, `an SSH server answers on this port: ${sample}`)],
  closed: ({ plaintext }) =>
    plaintext === 'answered'
      ? [
          argue(
            'SCHEME',
            10,
            'the port closes TLS connections and answers plain HTTP: TLS is off there',
          ),
        ]
      : [
          argue('PROXY', 4, 'a load balancer without a backend closes connections when TLS begins'),
          argue('CLI', 4, 'so does a service that does not speak TLS first, such as PostgreSQL'),
        ],
  reset: () => [
    argue('NET', 6, 'the connection is reset when TLS begins, as by a firewall or a full backlog'),
    argue('PROXY', 4, 'something in between may reject TLS'),
  ],
  unknown: ({ sample = '' }) => [
    argue('CLI', 7, `another service answers on this port: ${sample}`),
  ],
  tls: ({ flight, violation }) => {
    if (flight !== undefined) return [];
    return violation === undefined
      ? [argue('NET', 6, 'the handshake starts and then stalls')]
      : [
          argue('CLI', 6, `what answers does not follow the rules of TLS (${violation})`),
          argue('PROXY', 3, 'something in between may change what is sent'),
        ];
  },
  'tls-alert': nothing,
  unreachable: nothing,
};

/** What net/http says to a ClientHello, without the header that names a proxy or web server (server.go, badRequestError). */
function isGoAnswer(sample: string): boolean {
  return /^HTTP\/1\.1 400 Bad Request(?:\r\n|\\x0d\\x0a)Content-Type: text\/plain; ch/.test(sample);
}

/** A refusal of the request itself is etcd's neighbour speaking: etcd in plain text closes without a word. */
function isProxyAnswer(sample: string): boolean {
  return /^HTTP\/1\.[01] (?:30\d|40[0-9]|50\d)|squid|nginx|envoy|haproxy|proxy/i.test(sample);
}

/** TCP connects, and TLS gets no answer: the other port of the same member shows what that means. */
function silent(
  { violation, endpoint }: EndpointObservation,
  peerPortAnswers: boolean | undefined,
  peersReachIt: boolean | undefined,
): readonly Argument[] {
  if (violation !== undefined) {
    return [argue('NET', 9, `the answer arrives too slowly or never ends (${violation})`)];
  }
  if (peerPortAnswers !== false && peersReachIt === true && endpoint.serves === 'client') {
    return [
      argue(
        'NET',
        12,
        'the other members have a leader and a stream to this one, so it is part of the quorum; only the answers of its client port are lost: full-size packets are dropped on the way (MTU), or a firewall filters them',
      ),
    ];
  }
  if (peerPortAnswers === true && endpoint.serves === 'client') {
    return [
      argue(
        'QUORUM',
        peersReachIt === undefined ? 9 : 12,
        'the peer port of the same member answers: etcd opens its client port when it starts and serves it only after the member has joined a quorum',
      ),
      argue(
        'NET',
        peersReachIt === undefined ? 7 : 4,
        'a firewall may filter only this port, or its packets may be too large for the path (MTU)',
      ),
    ];
  }
  return withoutAnswer(endpoint, peerPortAnswers);
}

/** Where the peer port was not looked at, a member that waits for a quorum and a process that hangs look the same. */
function withoutAnswer(
  { serves }: SeenEndpoint,
  peerPortAnswers: boolean | undefined,
): readonly Argument[] {
  const mayWait = peerPortAnswers === undefined && serves === 'client';
  const both =
    peerPortAnswers === false
      ? 'neither port of this member answers a ClientHello, though the host accepts connections'
      : 'the port accepts connections and does not answer a ClientHello';
  return [
    argue(
      'NET',
      mayWait ? 7 : 9,
      `${both}: the process is stopped, frozen, overloaded or out of file descriptors, another service listens there, or full-size packets are dropped on the way (MTU)`,
    ),
    ...(mayWait
      ? [
          argue(
            'QUORUM',
            6,
            'an etcd member that has not joined a quorum since its start does not answer either, as where its peers reject its certificate',
          ),
        ]
      : []),
  ];
}
