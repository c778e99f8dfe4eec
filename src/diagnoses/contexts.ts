import { adviceFor } from './advice.ts';
import { type Episode, says } from './episode.ts';
import type { Explanation } from './explain.ts';
import { gatewayRejected } from './open-questions.ts';
import { isProbe, probe } from './probing.ts';
import { standings } from './standing.ts';
import { isOnEveryMachine, parseEndpoint } from '../model/host.ts';

/** What the lines that name no failure say about all others. */
export interface Setting {
  readonly linesRead: number;
  /** Position of the last line that says that etcd starts or is asked to stop; -1 where none does. */
  readonly started: number;
  readonly stopped: number;
  /** A command or its settings show a client without https. */
  readonly speaksPlain: boolean;
  /** The log lists peers by http URLs. */
  readonly hasPlainPeers: boolean;
  /** Where etcd says that it serves clients, with the id of its process where a wrapper says it. */
  readonly serves: ReadonlyMap<string, string | undefined>;
}

/** Another meaning of an episode, and when the other lines give it that one. */
interface Context {
  readonly when: (episode: Episode, all: readonly Episode[], setting: Setting) => boolean;
  readonly changes: Partial<Explanation>;
}

const contexts: readonly Context[] = [
  {
    when: (episode, _all, setting) =>
      endsWithStop(episode, setting) &&
      episode.explanation.standing <= standings.network &&
      !says(episode, 'remote-alert'),
    changes: {
      cause: 'NOISE',
      title: 'harmless: connections closed when etcd stopped',
      remedy: 'Nothing to fix.',
      confidence: 'certain',
      harmless: true,
      standing: standings.harmless,
      alternatives: [],
      evidence: ['etcd was asked to stop before these lines'],
    },
  },
  {
    when: (episode, all) =>
      episode.explanation.cause === 'NOISE' &&
      says(episode, 'eof', 'reset') &&
      leavesWithReason(episode, all),
    changes: {
      cause: 'UNKNOWN',
      title:
        'connections that ended without a reason, from an address that failed in other ways, too',
      remedy: '',
      confidence: 'open',
      harmless: false,
      standing: standings.consequence,
      alternatives: [],
      evidence: [],
    },
  },
  {
    when: (episode, all) =>
      episode.explanation.cause === 'NET' &&
      says(episode, 'refused') &&
      followsFromAlerts(episode, all),
    changes: { standing: standings.consequence },
  },
  {
    when: (episode, all) =>
      episode.explanation.cause === 'CA-CLIENT' &&
      all.some((other) => says(other, 'certificate-file-unusable') && other.first < episode.first),
    changes: { standing: standings.consequence },
  },
  {
    // Where gRPC does not print the address, its line looks as if the member of that host served this certificate.
    when: ({ explanation }, all) =>
      explanation.cause === 'SAN' &&
      all.some(
        ({ explanation: other }) =>
          other.cause === 'CLIENT-LIB' && wantedIn(other) === wantedIn(explanation),
      ),
    changes: { standing: standings.consequence },
  },
  {
    when: (episode, all) =>
      says(episode, 'cluster-id') && all.some(({ explanation: { cause } }) => cause === 'SCHEME'),
    changes: { standing: standings.partial },
  },
];

function wantedIn({ signals }: Explanation): string {
  return signals.get('host-not-in-names')?.values['wanted'] ?? '-';
}

/** The same alert and the same words for a certificate that has expired and for one that is not valid yet. */
const undatedValidity: Context = {
  when: (episode, all) =>
    isUndated(episode) &&
    all.some((other) => says(other, 'not-yet-valid')) &&
    !all.some(hasExpired),
  changes: {
    cause: 'UNKNOWN',
    title: 'a certificate was rejected outside its validity; another line gives the dates',
    remedy: '',
    confidence: 'open',
    standing: standings.consequence,
    alternatives: [],
    evidence: [],
  },
};

function isUndated(episode: Episode): boolean {
  const { alert } = episode.explanation;
  const isOutside = says(episode, 'outside-validity') || alert === 'certificate expired';
  return isOutside && !says(episode, 'expired') && !says(episode, 'not-yet-valid');
}

function hasExpired(episode: Episode): boolean {
  return says(episode, 'expired');
}

/** etcd's gateway, which connects to an address at which the same process serves. */
const ownGateway: Context = {
  when: ({ explanation: { cause, alert, line }, targets }, _all, { serves }) =>
    cause === 'UNKNOWN' &&
    alert !== undefined &&
    line.role === 'dialling' &&
    (line.writtenBy === 'etcd' || line.writtenBy === 'grpc') &&
    targets.size > 0 &&
    [...targets.keys()].every(
      (target) =>
        serves.has(target) &&
        (line.writtenBy === 'etcd' ||
          (line.process !== undefined && serves.get(target) === line.process)),
    ),
  changes: {
    title: gatewayRejected,
    alternatives: [
      {
        cause: 'EKU',
        evidence:
          'etcd connects to itself with its server certificate, which then needs clientAuth',
      },
      {
        cause: 'CA-SERVER',
        evidence: 'the server may not trust the CA of the certificate presented',
      },
      { cause: 'EXPIRED', evidence: 'a certificate outside its validity ends like this' },
      { cause: 'AUTHZ', evidence: 'an allow-list of names or a CRL leaves the same alert' },
    ],
  },
};

const probing: Context = { when: isProbe, changes: probe };

/** What a line means among the others. */
export function inContext(episode: Episode, all: readonly Episode[], setting: Setting): Episode {
  const context = [...contexts, undatedValidity, ownGateway, probing].find(({ when }) =>
    when(episode, all, setting),
  );
  return context === undefined ? episode : replaced(episode, context.changes);
}

/** A connection that ended without a reason, to a port that was dialled without https. */
export function withScheme(episode: Episode, setting: Setting): Episode {
  const { line, signals } = episode.explanation;
  const isPeer = line.port === 'peer' && line.writtenBy === 'etcd';
  const isPlain = isPeer ? setting.hasPlainPeers : setting.speaksPlain;
  if (!isPlain || !endsForNoReason(episode)) return episode;
  return replaced(episode, {
    cause: 'SCHEME',
    ...adviceFor('SCHEME', { line, signals }, undefined),
    confidence: 'likely',
    standing: standings.protocol,
    alternatives: [],
    evidence: [
      `${isPeer ? 'the peer URLs say http' : 'the endpoint was given without https://'}, and the port ended the connection as a TLS port does`,
    ],
  });
}

function endsForNoReason(episode: Episode): boolean {
  const { cause, line } = episode.explanation;
  return (
    cause === 'UNKNOWN' &&
    line.role !== 'accepting' &&
    says(episode, 'eof', 'reset', 'transport-closing') &&
    !says(episode, 'stream-lost')
  );
}

function replaced(episode: Episode, changes: Partial<Explanation>): Episode {
  const explanation = { ...episode.explanation, ...changes };
  return { ...episode, explanation, evidence: changes.evidence ?? episode.evidence };
}

/** All of it came after etcd had been asked to stop, and before it started again. */
function endsWithStop({ first }: Episode, { started, stopped }: Setting): boolean {
  return stopped >= 0 && first > stopped && started < stopped;
}

/** The same address failed in a way that is not harmless, or is a peer that does not answer. */
function leavesWithReason({ remoteAddresses }: Episode, all: readonly Episode[]): boolean {
  const troubled = all.filter(({ explanation }) => !explanation.harmless);
  return [...remoteAddresses.keys()].some((address) =>
    troubled.some(
      (other) =>
        other.remoteAddresses.has(address) ||
        [...other.targets.keys()].some((target) => parseEndpoint(target, true).host === address),
    ),
  );
}

/** Nothing listens where a program rejects this etcd's certificate: it did not start because of that. */
function followsFromAlerts(episode: Episode, all: readonly Episode[]): boolean {
  const rejecting = all.filter(
    ({ explanation: { alert, harmless } }) => alert !== undefined && !harmless,
  );
  if (rejecting.length === 0) return false;
  const alerts = rejecting.reduce((sum, { count }) => sum + count, 0);
  const hosts = [...episode.targets.keys()].map((target) => parseEndpoint(target, true).host);
  return (
    alerts >= episode.count ||
    hosts.some(
      (host) =>
        !isOnEveryMachine(host) &&
        rejecting.some(({ remoteAddresses }) => remoteAddresses.has(host)),
    )
  );
}
