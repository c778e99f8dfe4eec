import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster, ClusterMember } from '../types.ts';
import { failuresTowards, hasConnected, memberIds, rejections } from './log.ts';
import { type Observation, refusingSide } from './observation.ts';

/** Every member's way to every other one, by what both write in their logs. */
export async function observePeers(cluster: Cluster): Promise<readonly Observation[]> {
  const deadline = Date.now() + 6000;
  for (;;) {
    const edges = peerEdges(cluster.members, await allLogs(cluster));
    if (edges.every(({ outcome }) => outcome !== 'unseen') || Date.now() > deadline) {
      return edges;
    }
    // Members that are refused write a hundred lines a second, all of which have to be read again.
    await pause(500);
  }
}

async function allLogs(cluster: Cluster): Promise<ReadonlyMap<string, string>> {
  const logs = cluster.members.map(async ({ name }): Promise<[string, string]> => [
    name,
    await cluster.logs(name),
  ]);
  return new Map(await Promise.all(logs));
}

function peerEdges(
  members: readonly ClusterMember[],
  logs: ReadonlyMap<string, string>,
): readonly Observation[] {
  return members.flatMap((from) => {
    const log = logs.get(from.name) ?? '';
    const ids = memberIds(log);
    return members
      .filter((to) => to !== from)
      .map((to): Observation => {
        const ends = { edge: 'peer', from: from.name, to: to.peerUrl, member: to.name } as const;
        const id = ids.get(to.peerUrl) ?? 'unknown';
        if (hasConnected(log, id)) {
          return { ...ends, outcome: 'accepted', clientWords: [], serverWords: [] };
        }
        const serverWords = wordsAbout(logs.get(to.name) ?? '', from.node.address);
        return { ...ends, ...refusalOf(failuresTowards(log, id, to.peerUrl), serverWords) };
      });
  });
}

function wordsAbout(log: string, address: string): readonly string[] {
  const about = rejections(log).filter((rejection) => rejection.address === address);
  return [...new Set(about.map(({ error }) => error))];
}

function refusalOf(
  clientWords: readonly string[],
  serverWords: readonly string[],
): Omit<Observation, 'edge' | 'from' | 'to' | 'member'> {
  const isRefused =
    serverWords.length > 0 ||
    clientWords.some((words) => /tls:|x509:|connection refused/.test(words));
  if (!isRefused) {
    return { outcome: 'unseen', clientWords, serverWords };
  }
  const side = refusingSide(serverWords);
  return { outcome: 'refused', ...(side && { refusedBy: side }), clientWords, serverWords };
}
