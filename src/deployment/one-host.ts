import { findConflictOf } from '../etcd/find-address-conflicts.ts';
import { problem } from '../etcd/settings-problem.ts';
import { type EtcdVersion, etcdVersion, isAtLeast } from '../etcd/version.ts';
import { areOnTwoHosts, hostOf, isLoopback, isWildcard, parseEndpoint } from '../model/host.ts';
import type { Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';

/**
 * Members with what keeps them from running next to another on their host: a port, or a data directory. Of
 * two, the finding is about the one listed second; in truth it is the one that starts second.
 */
export function withNeighbours(members: readonly Member[]): readonly Member[] {
  const byHost = new Map<string, readonly Member[]>();
  const byMachine = new Map<string, readonly Member[]>();
  return members.map((member) => {
    const host = machineOf(member);
    const onSameHost = host === undefined ? [] : addTo(byHost, host, member);
    const { machine } = member.network ?? {};
    const together = machine === undefined ? [] : addTo(byMachine, machine, member);
    const neighbours =
      host === undefined ? [] : onSameHost.filter((other) => areNeighbours(member, other, host));
    const onMachine = together.filter(
      (other) => !isSameProcess(member, other) && !areOnTwoHosts(member, other),
    );
    const [first] = [
      ...neighbours.flatMap((other) => addressConflict(member, other)),
      ...[...new Set([...neighbours, ...onMachine])].flatMap((other) =>
        directoryConflict(member, other),
      ),
    ];
    return first === undefined ? member : { ...member, problems: [...member.problems, first] };
  });
}

/** Notes a member, and returns those noted before. */
function addTo(
  groups: Map<string, readonly Member[]>,
  key: string,
  member: Member,
): readonly Member[] {
  const earlier = groups.get(key) ?? [];
  groups.set(key, [...earlier, member]);
  return earlier;
}

/**
 * By what a member's machine is known: the address that it advertises to peers, unless a port leads there on which it
 * does not listen itself, as behind a router. Loopback of a container may be its own.
 */
function machineOf({ known, mayBeMapped, settings }: Member): string | undefined {
  const { value, origin } = settings.initialAdvertisePeerUrls;
  if (known !== 'settings') return undefined;
  if (origin.via === 'default' || origin.via === 'assumed') return undefined;
  const host = hostOf(value[0] ?? '');
  if (host === undefined || isWildcard(host)) return undefined;
  if (!listensWhereAdvertised(settings)) return undefined;
  if (!isLoopback(host)) return host;
  return mayBeMapped === true ? undefined : loopback;
}

function listensWhereAdvertised({
  initialAdvertisePeerUrls,
  listenPeerUrls,
}: Member['settings']): boolean {
  const [advertised = ''] = initialAdvertisePeerUrls.value;
  const { port } = parseEndpoint(advertised, true);
  return listenPeerUrls.value.some((url) => parseEndpoint(url, true).port === port);
}

const loopback = 'loopback';

/** Whether two members of one address are two, on one machine. */
function areNeighbours(member: Member, other: Member, host: string): boolean {
  if (isSameProcess(member, other) || areOnTwoHosts(member, other)) return false;
  if (host !== loopback) return true;
  // Every machine has a loopback address; peers that find each other there share theirs.
  return (member.settings.initialCluster?.value ?? []).some(({ name }) => name === nameOf(other));
}

/** One process may be described twice. */
function isSameProcess(member: Member, other: Member): boolean {
  const peerUrls = [member, other].map(({ settings }) =>
    settings.initialAdvertisePeerUrls.value.toSorted().join(),
  );
  return nameOf(member) === nameOf(other) && peerUrls[0] === peerUrls[1];
}

function nameOf({ name, settings }: Member): string {
  return settings.name?.value ?? name;
}

function addressConflict(member: Member, other: Member): Problems {
  const version = etcdVersion(member.etcdVersion.value);
  // Where a container may have a network of its own, only an address that it binds itself is one of the host.
  const mayBeApart = member.mayBeMapped === true || other.mayBeMapped === true;
  const found = findConflictOf(member, other, { version, mayBeApart });
  return found === undefined ? [] : [found];
}

function directoryConflict(member: Member, other: Member): Problems {
  const { dataPlace, settings } = member;
  const isShared = dataPlace !== undefined && dataPlace === other.dataPlace;
  if (settings.dataDir === undefined || !isShared) return [];
  return [directoryInUse(settings.dataDir, other, etcdVersion(member.etcdVersion.value))];
}

/** It listens for peers, and waits for the lock for ever (etcdserver/backend.go openBackend). */
function directoryInUse(
  directory: Setting<string>,
  { name }: Member,
  version: EtcdVersion,
): SettingsProblem {
  const says = isAtLeast(version, '3.5.0')
    ? 'db file is flocked by another process, or taking too long'
    : `another etcd process is using "${directory.value}/member/snap/db" and holds the file lock`;
  return problem('refused-at-start', directory, 'directory-in-use', says, { other: name });
}
