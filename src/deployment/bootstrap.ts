import { type ClusterEntry, clusterIdOf, defaultToken } from '../etcd/cluster-id.ts';
import { getOrMake } from '../model/get-or-make.ts';
import { groupBy } from '../model/group-by.ts';
import type { Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';

/** The cluster that a member assumes when it starts for the first time. */
export interface Bootstrap {
  readonly member: Member;
  /** Equal for members that form one cluster. */
  readonly identity: string;
  readonly means: 'static' | 'discovery';
  readonly entries: readonly ClusterEntry[];
}

/** A member whose cluster is another one than that of the rest. */
export interface Disagreement {
  readonly own: Bootstrap;
  /** One that agrees with most of the others. */
  readonly reference: Bootstrap;
}

/**
 * The members that would form a cluster of their own at their first start. A member that joins
 * (`initial-cluster-state: existing`) takes the cluster's id from the others, one that has started from its data
 * directory, whatever its own list says.
 */
export function disagreements(members: readonly Member[]): {
  readonly asked: readonly Bootstrap[];
  readonly different: readonly Disagreement[];
} {
  const idOf = clusterIds();
  const asked = members.flatMap((member) => bootstrapOf(member, idOf) ?? []);
  const supportOf = supportIn(asked, members);
  const [reference] = asked
    .map((each) => ({ each, support: supportOf(each) }))
    .toSorted((one, other) => other.support - one.support)
    .map(({ each }) => each);
  if (reference === undefined) return { asked, different: [] };
  const different = asked
    .filter(({ identity }) => identity !== reference.identity)
    .map((own) => ({ own, reference }));
  return { asked, different };
}

/** Members of one cluster list the same, as a rule: each list is hashed once. */
function clusterIds(): typeof clusterIdOf {
  const known = new Map<string, string>();
  return (entries, token) => {
    const list = entries.map(({ name, url }) => [name, url]);
    return getOrMake(known, JSON.stringify([token, list]), () => clusterIdOf(entries, token));
  };
}

function bootstrapOf(member: Member, idOf: typeof clusterIdOf): Bootstrap | undefined {
  const { initialCluster, initialClusterToken, discovery, discoverySrv } = member.settings;
  const isJoining = member.settings.initialClusterState?.value === 'existing';
  if (member.known !== 'settings' || member.started === true || isJoining) return undefined;
  const token = initialClusterToken?.value ?? defaultToken;
  const found = discovery ?? discoverySrv;
  if (found !== undefined) {
    const identity = `${found.value} ${token}`;
    return { member, identity, means: 'discovery', entries: [] };
  }
  if (!isStated(initialCluster)) return undefined;
  const entries = initialCluster.value;
  return { member, identity: idOf(entries, token), means: 'static', entries };
}

function isStated<Value>(setting: Setting<Value> | undefined): setting is Setting<Value> {
  return setting !== undefined && !['assumed', 'default'].includes(setting.origin.via);
}

/** How many members state the same cluster, and, among equals, how well its list fits what members advertise. */
function supportIn(
  asked: readonly Bootstrap[],
  members: readonly Member[],
): (bootstrap: Bootstrap) => number {
  const advertised = new Set(
    members.flatMap(({ settings }) => settings.initialAdvertisePeerUrls.value),
  );
  const alike = groupBy(asked, ({ identity }) => identity);
  return ({ identity, entries }) => {
    const fitting = entries.filter(({ url }) => advertised.has(url)).length;
    return (alike.get(identity)?.length ?? 0) + fitting / 1000;
  };
}
