import type { Explanation } from './explain.ts';
import type { SignalId } from './signals/signal.ts';
import { standings } from './standing.ts';
import { placeOf } from './target.ts';

/** Lines that mean the same, with all hosts and addresses in them. */
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

/** One cause once, for all that it affects; open questions only where they are the same one. */
export function isSame({ explanation: one }: Episode, { explanation: other }: Episode): boolean {
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

/** Episodes of one cause together. */
export function grouped(
  episodes: readonly Episode[],
): readonly (readonly [Episode, ...Episode[]])[] {
  const groups: [Episode, ...Episode[]][] = [];
  for (const episode of episodes) {
    const known = groups.find(([first]) => isSame(first, episode));
    if (known === undefined) groups.push([episode]);
    else known.push(episode);
  }
  return groups;
}

/** One episode of several, reported as the first of them is. */
export function merged([first, ...others]: readonly [Episode, ...Episode[]]): Episode {
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

/** Whether its lines have any of these marks. */
export function says({ explanation: { signals } }: Episode, ...ids: readonly SignalId[]): boolean {
  return ids.some((id) => signals.has(id));
}

/** How a target is kept: without scheme, so that `https://a:2380` and `a:2380` are one. */
export function targetName(explanation: Explanation): string | undefined {
  const { target } = explanation.line;
  if (target === undefined) return undefined;
  return placeOf({ host: target.host, ...(target.port !== undefined && { port: target.port }) });
}
