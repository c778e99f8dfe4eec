import { type Explanation, explain } from './explain.ts';

/** All lines of a log that mean the same, told once. */
export interface Episode {
  readonly explanation: Explanation;
  readonly count: number;
  readonly firstTime?: string;
  readonly lastTime?: string;
  /** Who is knocking: address to number of lines. */
  readonly remoteAddresses: ReadonlyMap<string, number>;
}

/** Collects a log line by line; memory grows with the kinds of lines, not with their number. */
export interface LogExplainer {
  /** The episode that a line belongs to, and whether it opened it; nothing for lines of other matters. */
  add(line: string): { readonly episode: Episode; readonly isNew: boolean } | undefined;
  readonly episodes: () => readonly Episode[];
  /** How many lines were read, telling or not. */
  readonly linesRead: () => number;
}

/** Addresses kept for each episode; a scan from everywhere must not fill the memory. */
const mostAddresses = 1000;

/** A new, empty collection. `etcdVersion` is that of the writer, where the log does not say it. */
export function logExplainer(etcdVersion?: string): LogExplainer {
  const episodes = new Map<string, MutableEpisode>();
  let lines = 0;

  return {
    add(raw) {
      lines += 1;
      const explanation = explain(raw.slice(0, 16_384), etcdVersion);
      if (explanation === undefined) return undefined;

      const key = keyOf(explanation);
      const known = episodes.get(key);
      const episode = known ?? { explanation, count: 0, remoteAddresses: new Map() };
      if (known === undefined) episodes.set(key, episode);
      note(episode, explanation);
      return { episode, isNew: known === undefined };
    },
    episodes: () => [...episodes.values()],
    linesRead: () => lines,
  };
}

interface MutableEpisode extends Episode {
  count: number;
  firstTime?: string;
  lastTime?: string;
  readonly remoteAddresses: Map<string, number>;
}

function note(episode: MutableEpisode, { line }: Explanation): void {
  const { remoteAddress, time } = line;
  episode.count += 1;
  if (time !== undefined) {
    episode.firstTime ??= time;
    episode.lastTime = time;
  }
  if (remoteAddress === undefined) return;
  const seen = episode.remoteAddresses;
  if (seen.has(remoteAddress) || seen.size < mostAddresses) {
    seen.set(remoteAddress, (seen.get(remoteAddress) ?? 0) + 1);
  }
}

/** Lines are alike when they differ in addresses, ports, numbers and times alone. */
function keyOf({ line, cause, refusedBy }: Explanation): string {
  const shape = line.text
    .replaceAll(/\[?[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]+\]?(?::\d+)?/g, '#')
    .replaceAll(/\d+/g, '0');
  return `${cause}|${refusedBy ?? ''}|${shape.slice(0, 400)}`;
}
