import type { CauseCode } from './cause.ts';
import { inContext, type Setting, withScheme } from './contexts.ts';
import { type Episode, grouped, isSame, merged } from './episode.ts';
import type { Explanation } from './explain.ts';
import type { SignalId } from './signals/signal.ts';
import { standings } from './standing.ts';

export type { Episode } from './episode.ts';

/** All that was read, weighed together. */
export interface Incident {
  readonly linesRead: number;
  /** Lines in which something is known. */
  readonly linesRecognised: number;
  /** Lines that the conclusion explains, its own and its consequences. */
  readonly linesExplained: number;
  /** The reason that is nearest to all else; absent where nothing was recognised. */
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

function count(episodes: readonly Episode[]): number {
  return episodes.reduce((sum, { count: own }) => sum + own, 0);
}

const confidences = ['open', 'likely', 'certain'];

function rank({ explanation }: Episode): number {
  return confidences.indexOf(explanation.confidence);
}

function bySignificance(left: Episode, right: Episode): number {
  return (
    right.explanation.standing - left.explanation.standing ||
    rank(right) - rank(left) ||
    right.count - left.count ||
    left.first - right.first
  );
}

/** What states a cause for itself and is no consequence of the better one. */
function isOfItsOwn({ explanation }: Episode, { explanation: best }: Episode): boolean {
  if (explanation.harmless) return false;
  if (explanation.cause === 'NET' && explanation.standing === standings.network)
    return isOfTheNetwork(explanation) && !explainsClosedPort(explanation, best);
  if (explanation.standing < standings.partial) return false;
  return !(consequencesOf[best.cause] ?? []).includes(explanation.cause);
}

/** Faults below TLS, which no certificate leads to; all else that waits or ends may follow from a rejection. */
function isOfTheNetwork({ signals, confidence }: Explanation): boolean {
  return confidence !== 'open' && networkFaults.some((id) => signals.has(id));
}

const networkFaults: readonly SignalId[] = ['refused', 'no-route', 'connect-timeout', 'slow-disk'];

/** A process that ends over the cause, or never opens its ports, refuses connections. */
function explainsClosedPort({ signals }: Explanation, best: Explanation): boolean {
  return (
    signals.has('refused') &&
    (closesPorts.includes(best.cause) || best.standing === standings.fatal)
  );
}

const closesPorts: readonly CauseCode[] = [
  'FILE',
  'PEM',
  'CONFIG',
  'SRV',
  'MEMBER-URL',
  'CLUSTER-ID',
];

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
