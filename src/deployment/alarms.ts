import type { Assumption } from '../model/basis.ts';
import type { Facts } from '../model/evidence.ts';
import type { StatusObservation } from '../model/live.ts';
import { listedMembers } from './member-lists.ts';
import { enumerate } from '../model/words.ts';

type Alarms = NonNullable<StatusObservation['alarms']>;
type Listing = StatusObservation & { readonly alarms: Alarms };

/** Statuses with the alarms of their cluster: any member lists those of all, from etcd 3.4 on. */
function listingAlarms(statuses: readonly StatusObservation[]): readonly Listing[] {
  return statuses.filter(
    (status): status is Listing => status.outcome === 'answered' && status.alarms !== undefined,
  );
}

/**
 * The alarms that a status is to be asked for: those of its own member, and for the first of its cluster those of
 * members which did not answer. Only the member that a client writes to raises NOSPACE, for itself.
 */
export function alarmsReportedBy(
  status: StatusObservation,
  statuses: readonly StatusObservation[],
): Alarms {
  const ofCluster = listingAlarms(statuses).filter(
    ({ clusterId }) => clusterId === status.clusterId,
  );
  const answering = new Set(ofCluster.map(({ memberId }) => memberId));
  const isFirst = ofCluster[0]?.endpoint.url === status.endpoint.url;
  const { alarms = [] } = status;
  return alarms.filter(
    ({ memberId }) => memberId === status.memberId || (isFirst && !answering.has(memberId)),
  );
}

/**
 * What etcd 3.3 does not say: it gives alarms by `Alarm` alone, which adds an entry to the raft log, as its /health
 * does, and does not count the streams between its members. One look at the counters that it has decides nothing. Two
 * looks at the leader would: to a peer that is stopped, starts or is rejected, `etcd_network_peer_sent_failures_total`
 * grew by 10 a second or more and `etcd_network_peer_received_bytes_total` from it stood still; the bytes sent to it grew
 * all the same, by 28 at times, and a follower counts hardly any failure (3.3.25).
 */
export function unseenOfOldReleases({
  statuses = [],
  memberLists = [],
}: Partial<Facts>): readonly Assumption[] {
  const answered = statuses.filter(({ outcome }) => outcome === 'answered');
  const seen = new Set(listingAlarms(answered).map(({ clusterId }) => clusterId));
  const unseen = answered.filter(({ clusterId }) => !seen.has(clusterId));
  if (unseen.length === 0) return [];
  const releases = [...new Set(unseen.map(({ version }) => version ?? 'of unknown version'))];
  const etcd = `etcd ${enumerate(releases.toSorted())}`;
  const hasPeers = listedMembers(memberLists).length > 1;
  const because = hasPeers
    ? `${etcd} reports neither alarms nor whether its members are connected, so these were not seen`
    : `${etcd} lists no alarms in its status, so alarms were not seen`;
  const logs =
    ', and `journalctl -u etcd | etcd-tls-audit explain -` on each member for rejected peers';
  return [
    {
      about: hasPeers ? 'alarms and peer connections' : 'alarms',
      because,
      give: `run \`etcdctl alarm list\`${hasPeers ? logs : ''}`,
      notCovered: because,
    },
  ];
}
