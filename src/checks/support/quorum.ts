import { quorumOutlook, type QuorumOutlook } from '../../forecast/quorum.ts';
import { type HasTarget, inconclusive, type Known } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { areTooMany, isOneCluster } from '../../deployment/quorums.ts';

/** What the predicted connections make of the quorum; absent where the members are more than one cluster has. */
export function quorumOutlooks({
  members,
  forecast,
}: Known<'members' | 'forecast'>): readonly (HasTarget & { readonly outlook?: QuorumOutlook })[] {
  if (areTooMany(members)) return [{ target: wholeCluster }];
  if (!isOneCluster(members)) return [];
  const names = members.map(({ name }) => name);
  return [{ target: wholeCluster, outlook: quorumOutlook(forecast, names) }];
}

/** What is said of a quorum that members of several clusters, given as one, do not have. */
export function quorumUnknown({ length }: readonly unknown[]) {
  return inconclusive(
    `${length} members were given as one cluster, which is more than a cluster has: whose quorum it is cannot be derived`,
    'check each cluster by itself, or list the members under `clusters` in etcd-tls.yaml',
  );
}
