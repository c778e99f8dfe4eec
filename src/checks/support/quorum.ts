import { quorumOutlook, type QuorumOutlook } from '../../forecast/quorum.ts';
import type { HasTarget, Known } from '../../model/check.ts';
import { wholeCluster } from '../../model/target.ts';
import { isOneCluster } from '../../deployment/quorums.ts';

/** What the predicted connections of the members make of their quorum, where there is one to speak of. */
export function quorumOutlooks({
  members,
  forecast,
}: Known<'members' | 'forecast'>): readonly (HasTarget & { readonly outlook: QuorumOutlook })[] {
  if (!isOneCluster(members)) return [];
  const names = members.map(({ name }) => name);
  return [{ target: wholeCluster, outlook: quorumOutlook(forecast, names) }];
}
