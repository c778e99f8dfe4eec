import type { CauseCode } from './cause.ts';
import { adviceFor } from './advice.ts';
import type { Explanation } from './explain.ts';
import type { SignalId } from './signals/signal.ts';
import { standings } from './standing.ts';
import { placeOf } from './target.ts';
import { parseEndpoint, isOnEveryMachine } from '../model/host.ts';

/** Lines that mean the same, with everybody who takes part. */
export interface Episode {
  readonly explanation: Explanation;
  readonly count: number;
  /** Arguments of all its lines, without repetition; the first few. */
  readonly evidence: readonly string[];
  /** Position of its first and last line among all that were read. */
  readonly first: number;
  readonly last: number;
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Who connected: address to number of lines. */
  readonly remoteAddresses: ReadonlyMap<string, number>;
  /** What was dialled: `host:port` to number of lines. */
  readonly targets: ReadonlyMap<string, number>;
}

/** What the lines that name no failure say about all others. */
export interface Setting {
  readonly linesRead: number;
  /** Position of the last line that says that etcd starts or is told to stop; -1 where none does. */
  readonly started: number;
  readonly stopped: number;
  /** A command or its settings show a client without https. */
  readonly speaksPlain: boolean;
  /** The log lists peers by http URLs. */
  readonly hasPlainPeers: boolean;
}

/** All that was read, weighed together. */
export interface Incident {
  readonly linesRead: number;
  /** Lines in which something is known. */
  readonly linesRecognised: number;
  /** Lines that the conclusion explains, its own and its consequences. */
  readonly linesExplained: number;
  /** The reason that stands nearest to all else; absent where nothing was recognised. */
  readonly conclusion?: Episode;
  /** Causes that other lines state for themselves. */
  readonly also: readonly Episode[];
  /** Lines that follow from the conclusion, or decide nothing next to it. */
  readonly consequences: readonly Episode[];
  readonly harmless: readonly Episode[];
}

/** Weighs all lines together: a weak one never outweighs a strong one, a consequence never its reason. */
export function incidentOf(all: readonly Episode[], setting: Setting): Incident {
  const read = all.map((episode) => withScheme(episode, setting));
  const placed = read.map((episode) => inContext(episode, read, setting)).toSorted(bySignificance);
  const [best] = placed;
  const count = (episodes: readonly Episode[]) =>
    episodes.reduce((sum, { count: own }) => sum + own, 0);
  const base = { linesRead: setting.linesRead, linesRecognised: count(all) };
  if (best === undefined) {
    return { ...base, linesExplained: 0, also: [], consequences: [], harmless: [] };
  }
  const same = placed.filter((episode) => isSame(episode, best));
  const others = placed.filter((episode) => !isSame(episode, best));
  const harmless = others.filter(({ explanation }) => explanation.harmless);
  const also = others.filter((episode) => isOfItsOwn(episode, best));
  const consequences = others.filter(
    (episode) => !harmless.includes(episode) && !also.includes(episode),
  );
  return {
    ...base,
    linesExplained: count(same) + count(consequences),
    conclusion: merged([best, ...same.filter((episode) => episode !== best)]),
    also: grouped(also).map((episodes) => weakened(merged(episodes), best)),
    consequences: grouped(consequences).map(merged),
    harmless: grouped(harmless).map(merged),
  };
}

const confidences = ['open', 'likely', 'certain'];

function bySignificance(left: Episode, right: Episode): number {
  const rank = ({ explanation }: Episode) => confidences.indexOf(explanation.confidence);
  return (
    right.explanation.standing - left.explanation.standing ||
    rank(right) - rank(left) ||
    right.count - left.count ||
    left.first - right.first
  );
}

/** One cause once, whoever met it; open questions only where they are the same one. */
function isSame({ explanation: one }: Episode, { explanation: other }: Episode): boolean {
  if (one.cause !== other.cause || isElsewhere(one) !== isElsewhere(other)) return false;
  const isGeneral =
    one.cause === 'UNKNOWN' || one.cause === 'NOISE' || isFatal(one) || isFatal(other);
  return !isGeneral || one.title === other.title;
}

function isElsewhere({ standing }: Explanation): boolean {
  return standing === standings.elsewhere;
}

function isFatal({ standing }: Explanation): boolean {
  return standing === standings.fatal;
}

/** What states a cause for itself and is no consequence of the better one. */
function isOfItsOwn({ explanation }: Episode, { explanation: best }: Episode): boolean {
  if (explanation.harmless || explanation.standing < standings.partial) return false;
  return !(consequencesOf[best.cause] ?? []).includes(explanation.cause);
}

/** Causes whose lines another one leaves, too. */
const consequencesOf: Partial<Record<CauseCode, readonly CauseCode[]>> = {
  // The cluster id is a hash of `initial-cluster`: another scheme makes another cluster.
  SCHEME: ['CLUSTER-ID', 'MEMBER-URL', 'DNS'],
  'MEMBER-URL': ['SCHEME', 'CLUSTER-ID', 'DNS'],
  CONFIG: ['SCHEME'],
  PROXY: ['DNS'],
  // Both sides of a refused peer look up names, and their resolver may know none.
  'SAN-PEER': ['DNS', 'SAN-COPY'],
};

/** Next to a reason that is stated, a weaker one is only a possibility. */
function weakened(episode: Episode, { explanation: best }: Episode): Episode {
  const { explanation } = episode;
  if (explanation.standing >= standings.reason || explanation.standing >= best.standing)
    return episode;
  return { ...episode, explanation: { ...explanation, confidence: 'open' } };
}

function grouped(episodes: readonly Episode[]): readonly (readonly [Episode, ...Episode[]])[] {
  const groups: [Episode, ...Episode[]][] = [];
  for (const episode of episodes) {
    const known = groups.find(([first]) => isSame(first, episode));
    if (known === undefined) groups.push([episode]);
    else known.push(episode);
  }
  return groups;
}

function merged([first, ...others]: readonly [Episode, ...Episode[]]): Episode {
  return others.reduce<Episode>((sum, episode) => {
    const [early, late] = sum.first < episode.first ? [sum, episode] : [episode, sum];
    const firstTime = early.firstTime ?? late.firstTime;
    const lastTime = sum.last > episode.last ? sum.lastTime : episode.lastTime;
    return {
      explanation: sum.explanation,
      count: sum.count + episode.count,
      evidence: [...new Set([...sum.evidence, ...episode.evidence])].slice(0, mostEvidence),
      first: early.first,
      last: Math.max(sum.last, episode.last),
      ...(firstTime !== undefined && { firstTime }),
      ...(lastTime !== undefined && { lastTime }),
      remoteAddresses: added(sum.remoteAddresses, episode.remoteAddresses),
      targets: added(sum.targets, episode.targets),
    };
  }, first);
}

/** Arguments kept for a cause. */
export const mostEvidence = 4;

function added(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) {
  const sum = new Map(one);
  for (const [name, count] of other) sum.set(name, (sum.get(name) ?? 0) + count);
  return sum;
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
      title: 'harmless: connections that ended with the stop of etcd',
      remedy: 'Nothing to fix.',
      confidence: 'certain',
      harmless: true,
      standing: standings.harmless,
      alternatives: [],
      evidence: ['etcd had been told to stop before these lines'],
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
      says(episode, 'cluster-id') && all.some(({ explanation: { cause } }) => cause === 'SCHEME'),
    changes: { standing: standings.partial },
  },
];

/** Rejections from an address that tries every door: `verify`, or a scanner. */
const probing: Context = {
  when: ({ explanation, remoteAddresses }, all) =>
    explanation.line.role === 'accepting' &&
    explanation.standing >= standings.protocol &&
    remoteAddresses.size > 0 &&
    [...remoteAddresses.keys()].every((address) => triesEverything(address, all)),
  changes: {
    cause: 'UNKNOWN',
    title: 'one address was rejected for many different reasons, as a scanner or `verify` is',
    remedy: '',
    confidence: 'open',
    standing: standings.consequence,
    lookNext:
      'what ran at that address at that moment; a client that is set up wrongly has one reason',
  },
};

/** Different reasons for rejecting one address that no client set up wrongly has. */
const mostReasons = 3;

function triesEverything(address: string, all: readonly Episode[]): boolean {
  const own = all.filter(
    ({ explanation, remoteAddresses }) =>
      explanation.line.role === 'accepting' && remoteAddresses.has(address),
  );
  const reasons = new Set(own.map(({ explanation }) => explanation.cause));
  return own.some((episode) => says(episode, 'ancient-hello')) || stated(reasons) >= mostReasons;
}

function stated(causes: ReadonlySet<CauseCode>): number {
  return [...causes].filter((cause) => cause !== 'UNKNOWN' && cause !== 'NOISE').length;
}

/** What a line means among the others. */
function inContext(episode: Episode, all: readonly Episode[], setting: Setting): Episode {
  const context = [...contexts, probing].find(({ when }) => when(episode, all, setting));
  return context === undefined ? episode : replaced(episode, context.changes);
}

function says({ explanation: { signals } }: Episode, ...ids: readonly SignalId[]): boolean {
  return ids.some((id) => signals.has(id));
}

/** A connection that ended without a reason, to a port that was dialled without https. */
function withScheme(episode: Episode, setting: Setting): Episode {
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

/** All of it came after etcd had been told to stop, and before it started again. */
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

/** How a target is kept: without scheme, so that `https://a:2380` and `a:2380` are one. */
export function targetName(explanation: Explanation): string | undefined {
  const { target } = explanation.line;
  if (target === undefined) return undefined;
  return placeOf({ host: target.host, ...(target.port !== undefined && { port: target.port }) });
}
