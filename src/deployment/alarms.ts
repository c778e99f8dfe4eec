import type { Assumption } from '../model/basis.ts';
import type { Facts } from '../model/evidence.ts';
import type { StatusObservation } from '../model/live.ts';
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
 * Clusters of which no member lists alarms. etcd 3.3 gives them by `Alarm` alone, which adds an entry to the raft log,
 * as its /health does.
 */
export function unseenAlarms({ statuses = [] }: Partial<Facts>): readonly Assumption[] {
  const answered = statuses.filter(({ outcome }) => outcome === 'answered');
  const seen = new Set(listingAlarms(answered).map(({ clusterId }) => clusterId));
  const unseen = answered.filter(({ clusterId }) => !seen.has(clusterId));
  if (unseen.length === 0) return [];
  const releases = [...new Set(unseen.map(({ version }) => version ?? 'of unknown version'))];
  const because = `etcd ${enumerate(releases.toSorted())} lists no alarms in its status, so alarms were not seen`;
  return [{ about: 'alarms', because, give: 'run `etcdctl alarm list`', notCovered: because }];
}
