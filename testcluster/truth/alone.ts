import { join } from 'node:path';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { startMember, type Surroundings } from '../members.ts';
import { deployedDataDirectory, type MemberPlan } from '../plan.ts';
import { endProcess, until } from '../processes.ts';
import { isReady } from '../readiness.ts';
import type { Cluster } from '../types.ts';

/**
 * A member without a quorum never opens its client port. Ends it and starts it as a cluster of its own, with
 * the same certificates and TLS settings, so that the port opens; says whether it did.
 */
export async function servesAlone(
  cluster: Cluster,
  name: string,
  binaries: EtcdBinaries,
  tuning: Surroundings['tuning'],
): Promise<{ readonly isReady: boolean; readonly stop: () => Promise<void> }> {
  const member = cluster.plan.members.find(({ node }) => node.name === name);
  const running = cluster.handle.processes[name];
  if (member === undefined || running === undefined) throw new Error(`${name} was never started`);
  await endProcess(running);
  const places = { set: cluster.set, work: join(cluster.set, '..', 'work') };
  const surroundings = { inside: cluster.handle.placement.inside[name] ?? [], tuning };
  const started = await startMember(alone(member), places, binaries, surroundings);
  return {
    isReady: await until(async () => isReady(cluster, name), 6000),
    stop: async () => endProcess(started),
  };
}

/** The same settings, of which only the list of members and the data directory differ. */
function alone(member: MemberPlan): MemberPlan {
  const { node, environment, configFile } = member;
  const ownData = `${deployedDataDirectory}.alone`;
  const only = (entries: string): string =>
    entries
      .split(',')
      .filter((entry) => entry.startsWith(`${node.name}=`))
      .join(',');
  if (configFile !== undefined) {
    const text = configFile
      .replace(/^(initial-cluster: )(.*)$/m, (_, key: string, list: string) => key + only(list))
      .replace(deployedDataDirectory, ownData);
    return { ...member, configFile: text };
  }
  const list = environment['ETCD_INITIAL_CLUSTER'];
  return {
    ...member,
    environment: {
      ...environment,
      ETCD_INITIAL_CLUSTER: list === undefined ? list : only(list),
      ETCD_DATA_DIR: ownData,
    },
  };
}
