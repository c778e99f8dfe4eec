import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EtcdBinaries } from './etcd-binaries.ts';
import { deployedDataDirectory, deployedDirectory, type MemberPlan } from './plan.ts';
import { type StartedProcess, startProcess } from './processes.ts';
import { cleanEnvironment } from './run.ts';
import { certificatesIn, configFileOf, memberFlags } from './write-plan.ts';

/**
 * Elections ten times faster than etcd's own, which suits a local network. Not part of the settings
 * that are audited.
 */
const quickElections = { ETCD_HEARTBEAT_INTERVAL: '50', ETCD_ELECTION_TIMEOUT: '300' };

/** Starts one member with exactly the settings that were written for it, paths apart. */
export async function startMember(
  member: MemberPlan,
  directory: string,
  binaries: EtcdBinaries,
  inside: readonly string[],
): Promise<StartedProcess> {
  const local = localPaths(member, directory);
  await mkdir(join(directory, 'data'), { recursive: true });
  if (member.configFile !== undefined) {
    await writeFile(join(directory, 'data', `${member.node.name}.yml`), local(member.configFile));
  }
  const usesFile = member.configFile !== undefined;
  const variables = { ...(usesFile ? {} : quickElections), ...member.environment };
  const environment = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value && local(value)]),
  );
  return startProcess(
    [...inside, binaries.etcd, ...memberFlags(member).map(local)],
    logFileOf(member, directory),
    cleanEnvironment(environment),
  );
}

export function logFileOf(member: MemberPlan, directory: string): string {
  return join(directory, `${member.node.name}.log`);
}

/** Where deployed paths lie on this machine, where three members share one disk. */
function localPaths(member: MemberPlan, directory: string): (text: string) => string {
  const { name } = member.node;
  return (text) =>
    text
      .replaceAll(deployedDirectory, certificatesIn(directory))
      .replaceAll(deployedDataDirectory, join(directory, 'data', name))
      .replaceAll(configFileOf(member), join(directory, 'data', `${name}.yml`));
}
