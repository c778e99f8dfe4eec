import { wordSet } from '../../model/table.ts';
import type { Mount } from '../../model/draft.ts';
import { groupBy } from '../../model/group-by.ts';
import { rootOfMachine } from '../../model/machine-root.ts';
import { directoryOf } from '../../deployment/roles/match-files.ts';
import { isMember } from './is-member.ts';
import { mostTargets, writtenOutside, writtenWithin } from './prepared-files.ts';
import { type Process, programOfImage } from './process.ts';
import { isServerOrClient } from './programs.ts';
import { isTool } from './write-targets.ts';

/**
 * Members with what other processes of the same machine may write where they read: another service with the same
 * directory, a unit that fetches certificates, a job of cron. `others` are of no other interest.
 */
export function withNeighbours(
  processes: readonly Process[],
  others: readonly Process[],
): readonly Process[] {
  const machines = groupBy([...processes, ...others], machineOf);
  const written = new Map(
    [...machines].map(([machine, all]) => [machine, distinct(all.flatMap(writtenBy))]),
  );
  return processes.map((process) => {
    const outside = written.get(machineOf(process)) ?? [];
    if (outside.length === 0 || !isMember(process)) return process;
    const within =
      process.contained === true
        ? writtenWithin(process.mounts, outside)
        : outside.filter(isOnHost);
    return within.length === 0 ? process : { ...process, mounts: [...process.mounts, ...within] };
  });
}

/** Where the copy of a machine begins that a file is part of, or its directory. */
function machineOf({ origin: { file } }: Process): string {
  return rootOfMachine(file) ?? directoryOf(file);
}

/** What a process may write on its machine. A program that runs for long may only be given what it reads. */
function writtenBy(process: Process): readonly Mount[] {
  if (process.contained === true)
    return writtenOutside(process, !isMember(process) && !onlyReads(process));
  const written = process.mounts.filter(({ from }) => from === 'written');
  return process.isTask === true ? written : written.filter(({ source }) => isTool(source));
}

/** Servers that open certificates and write none. */
const readers = wordSet(
  'nginx haproxy envoy postgres postgresql patroni prometheus grafana apisix apisix-dashboard coredns keepalived kube-controller-manager kube-scheduler kube-proxy telegraf minio etcdkeeper e3w',
);

function isReader(name: string): boolean {
  return readers.has(name) || name.startsWith('spilo') || /[-_]exporter$/.test(name);
}

function onlyReads({ program = '', words, image, unseenPrograms = [] }: Process): boolean {
  const isServer = [program, programOfImage(image?.text) ?? ''].some(isReader);
  return isServer || (isServerOrClient({ program, words }) && unseenPrograms.length === 0);
}

/** A path relative to a file of settings is none of the host. */
function isOnHost({ inside }: Mount): boolean {
  return !inside.startsWith('.');
}

/** Each once. Of more than a process may write, any file may be one. */
function distinct(written: readonly Mount[]): readonly Mount[] {
  const all = new Map(written.map((mount) => [mount.inside, mount]));
  const [first] = written;
  return all.size > mostTargets && first !== undefined
    ? [{ ...first, inside: '' }]
    : [...all.values()];
}
