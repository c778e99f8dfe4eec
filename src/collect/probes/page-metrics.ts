import type { PeerTraffic, ProcessObservation } from '../../model/live.ts';
import { table } from '../../model/table.ts';

const trafficMetrics = table<keyof Omit<PeerTraffic, 'local' | 'remote'>>({
  etcd_network_active_peers: 'active',
  etcd_network_disconnected_peers_total: 'disconnected',
  etcd_network_peer_sent_failures_total: 'sentFailures',
});

/** From /metrics in Prometheus' text format: the release, the start, and which peers lost contact. */
export function readMetrics(
  text: string | undefined,
): Pick<ProcessObservation, 'goVersion' | 'startedAt' | 'memberId' | 'peerTraffic' | 'hasLeader'> {
  if (text === undefined) return {};
  const goVersion = /^go_info\{version="(go[^"]{1,32})"\}/m.exec(text)?.[1];
  const started = numberIn(/^process_start_time_seconds (\S{1,32})/m.exec(text));
  const peerTraffic = readTraffic(text);
  return {
    ...(goVersion !== undefined && { goVersion }),
    // JavaScript's dates end at 8.64e15 milliseconds.
    ...(started > 0 && started < 8e12 && { startedAt: new Date(started * 1000).toISOString() }),
    ...(peerTraffic.length > 0 && { peerTraffic }),
    ...readOwn(text),
  };
}

/** Who it is, and whether it has a leader. */
function readOwn(text: string): Pick<ProcessObservation, 'memberId' | 'hasLeader'> {
  const memberId = /^etcd_server_id\{server_id="([0-9a-f]{1,16})"\} 1$/m.exec(text)?.[1];
  const leader = /^etcd_server_has_leader ([01])$/m.exec(text)?.[1];
  return {
    ...(memberId !== undefined && { memberId }),
    ...(leader !== undefined && { hasLeader: leader === '1' }),
  };
}

function numberIn(found: RegExpExecArray | null): number {
  return found === null ? Number.NaN : Number(found[1]);
}

/** From /metrics, on ports without a page /version. */
export function readServerVersion(text: string | undefined): string | undefined {
  return /^etcd_server_version\{server_version="([^"]{1,32})"\} 1$/m.exec(text ?? '')?.[1];
}

function readTraffic(text: string): readonly PeerTraffic[] {
  const peers = new Map<string, PeerTraffic>();
  for (const line of text.matchAll(/^(etcd_network_[a-z_]+)\{([^}]{1,256})\} (\S{1,32})$/gm)) {
    const counted = readCounter(line);
    if (counted === undefined) continue;
    const { remote } = counted;
    peers.set(remote, { ...(peers.get(remote) ?? { local: '' }), ...counted });
  }
  return [...peers.values()];
}

function readCounter([, metric = '', labels = '', value]: RegExpExecArray):
  | (Partial<PeerTraffic> & Pick<PeerTraffic, 'remote'>)
  | undefined {
  const name = trafficMetrics[metric];
  // etcd calls the other side `Remote` where it counts connections and `To` where it counts messages.
  const remote = /(?:Remote|To)="([0-9a-f]{1,16})"/.exec(labels)?.[1];
  const local = /Local="([0-9a-f]{1,16})"/.exec(labels)?.[1];
  const count = Number(value);
  if (name === undefined || remote === undefined || !Number.isFinite(count)) return undefined;
  return { remote, ...(local !== undefined && { local }), [name]: count };
}
