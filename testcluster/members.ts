import { writeFile } from 'node:fs/promises';
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

/** The surroundings of a member's process, apart from its settings. */
export interface Surroundings {
  /** What to put before its command. */
  readonly inside: readonly string[];
  readonly tuning: Readonly<Record<string, string>>;
}

/** Starts one member with exactly the settings that were written for it, paths apart. */
export async function startMember(
  member: MemberPlan,
  places: Places,
  binaries: EtcdBinaries,
  surroundings: Surroundings,
): Promise<StartedProcess> {
  const local = localPaths(member, places);
  if (member.configFile !== undefined) {
    await writeFile(localConfigFile(member, places), local(member.configFile));
  }
  const usesFile = member.configFile !== undefined;
  const { inside, tuning } = surroundings;
  const more = { ...quickElections, ...tuning };
  const variables = { ...(usesFile ? {} : more), ...member.environment };
  const environment = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, value && local(value)]),
  );
  return startProcess(
    [...inside, ...confined(member, local), binaries.etcd, ...memberFlags(member).map(local)],
    logFileOf(member, places),
    cleanEnvironment(environment),
  );
}

/** What systemd would do by the unit's directives, with what it uses itself. */
function confined({ directives }: MemberPlan, local: (text: string) => string): readonly string[] {
  if (directives === undefined) return [];
  const { User: id, InaccessiblePaths: hidden } = directives;
  const script = [
    'closed=$(mktemp -d)',
    'chmod 000 "$closed"',
    `mount --bind "$closed" '${local(hidden)}'`,
    'rmdir "$closed" || true',
    `exec setpriv --reuid=${id} --regid=${id} --clear-groups "$@"`,
  ].join('\n');
  return ['unshare', '-m', '--propagation', 'private', 'sh', '-ec', script, 'sh'];
}

/** Where a cluster's files are on this machine. */
export interface Places {
  readonly set: string;
  /** Logs, data, and everything else that is not audited. */
  readonly work: string;
}

export function logFileOf(member: MemberPlan, { work }: Places): string {
  return join(work, `${member.node.name}.log`);
}

function localConfigFile(member: MemberPlan, { work }: Places): string {
  return join(work, `${member.node.name}.yml`);
}

/** Where deployed paths are on this machine, where three members share one disk. */
function localPaths(member: MemberPlan, places: Places): (text: string) => string {
  return (text) =>
    text
      .replaceAll(deployedDirectory, certificatesIn(places.set))
      .replaceAll(deployedDataDirectory, join(places.work, `${member.node.name}.etcd`))
      .replaceAll(configFileOf(member), localConfigFile(member, places));
}
