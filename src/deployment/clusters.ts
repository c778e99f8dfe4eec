import type { Certificate } from '../model/certificate.ts';
import type { CollectedFacts } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { MemberListObservation } from '../model/live.ts';
import { certificatesIn } from './certificate-uses.ts';
import { answeredLists } from './member-lists.ts';
import { directoryOf } from './roles/match-files.ts';
import { isWritten } from './roles/plan-named.ts';
import {
  areOnTwoHosts,
  hostOf,
  isLoopback,
  canonicalHost,
  joinHostPort,
  parseEndpoint,
} from '../model/host.ts';

/** Members and clients, and what distinguishes them. */
export interface Parties {
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
}

/** Members that what they state makes one cluster. */
interface Group {
  readonly members: readonly Member[];
  /** Names and peer addresses in `initial-cluster`, and those of the members themselves. */
  readonly names: ReadonlySet<string>;
  readonly listed: ReadonlySet<string>;
  readonly peers: ReadonlySet<string>;
}

/**
 * Puts each member and client into its cluster, where there are several. What members state in
 * `initial-cluster`, and what member lists said, distinguishes clusters; a CA never does: a member whose CA
 * the others do not have is a fault, not a cluster. What is not stated joins.
 */
export function withClusters<Concluded extends Parties>(
  concluded: Concluded,
  { files = [], memberLists = [] }: Partial<Pick<CollectedFacts, 'files' | 'memberLists'>>,
): Concluded {
  const { members, clients } = concluded;
  const named = listedGroups(members) ?? foundGroups(concluded, memberLists);
  if (named.length < 2) return concluded;
  const inGroup = (member: Member) => named.find((group) => group.members.includes(member));
  return {
    ...concluded,
    members: members.map((member) => {
      const cluster = inGroup(member)?.cluster;
      return cluster === undefined ? member : { ...member, cluster };
    }),
    clients: clients.map((client) =>
      client.cluster === undefined ? placed(client, named, files) : client,
    ),
  };
}

type ListAnswer = Pick<MemberListObservation, 'outcome' | 'members'>;

interface NamedGroup extends Group {
  readonly cluster: string;
}

/** The clusters of the inventory, where it lists several; what it does not list joins one of them. */
function listedGroups(members: readonly Member[]): readonly NamedGroup[] | undefined {
  const names = [...new Set(members.flatMap(({ cluster }) => cluster ?? []))];
  if (names.length < 2) return undefined;
  const groups = names.flatMap((cluster) => {
    const [first, ...rest] = members.filter((member) => member.cluster === cluster).map(groupOf);
    return first === undefined ? [] : [{ ...rest.reduce(united, first), cluster }];
  });
  return attachRest(groups, members);
}

function foundGroups(
  { members, clients }: Parties,
  memberLists: readonly ListAnswer[],
): readonly NamedGroup[] {
  const groups = joinedByClients(attachRest(statedGroups(members, memberLists), members), clients);
  return groups.map((group) => ({ ...group, cluster: nameOf(group) }));
}

/** The first of its members by name: the same in each run. */
function nameOf({ members }: Group): string {
  return members.map(({ name }) => name).toSorted()[0] ?? '';
}

function statedGroups(
  members: readonly Member[],
  memberLists: readonly ListAnswer[],
): readonly Group[] {
  const stated = members.filter(
    (member) => member.known === 'settings' && entriesOf(member).length > 0,
  );
  const seen = answeredLists(memberLists).map((list) => ({
    members: [],
    names: new Set<string>(),
    listed: new Set<string>(),
    peers: new Set(list.members.flatMap(({ peerUrls }) => peerUrls.map(addressOf))),
  }));
  const byAddress = joined([...stated.map(groupOf), ...seen], (one, other) =>
    overlap(one.peers, other.peers),
  ).filter((group) => group.members.length > 0);
  return joined(byAddress, mayBeOne);
}

/** Equal names in two groups are chance only where each list is complete for the members it came from. */
function mayBeOne(one: Group, other: Group): boolean {
  return overlap(one.names, other.names) && !(isComplete(one) && isComplete(other));
}

function isComplete({ members, listed }: Group): boolean {
  const own = new Set(members.map(ownName));
  return own.size === listed.size && [...own].every((name) => listed.has(name));
}

function groupOf(member: Member): Group {
  const entries = entriesOf(member);
  const listed = new Set(entries.map(({ name }) => name));
  return {
    members: [member],
    listed,
    names: new Set([...listed, ownName(member)]),
    peers: new Set([...entries.map(({ url }) => addressOf(url)), ...peersOf(member)]),
  };
}

function entriesOf({ settings }: Member) {
  return (settings.initialCluster?.value ?? []).filter(isWritten);
}

function ownName({ name, settings }: Member): string {
  return settings.name?.value ?? name;
}

function peersOf({ settings }: Member): readonly string[] {
  return settings.initialAdvertisePeerUrls.value.map(addressOf);
}

/** Host and port: a wrong scheme makes no other cluster. */
function addressOf(url: string): string {
  const { host, port } = parseEndpoint(url, true);
  return joinHostPort(canonicalHost(host), port);
}

/** Joins what belongs together, until nothing more does. */
function joined(
  groups: readonly Group[],
  belong: (one: Group, other: Group) => boolean,
): readonly Group[] {
  for (const one of groups) {
    const other = groups.find((group) => group !== one && belong(one, group));
    if (other === undefined) continue;
    const rest = groups.filter((group) => group !== one && group !== other);
    return joined([united(one, other), ...rest], belong);
  }
  return groups;
}

function united(one: Group, other: Group): Group {
  return {
    members: [...one.members, ...other.members],
    names: new Set([...one.names, ...other.names]),
    listed: new Set([...one.listed, ...other.listed]),
    peers: new Set([...one.peers, ...other.peers]),
  };
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((item) => other.has(item));
}

/** Members that state no list: by address, by name, by the directory of their settings, else with most others. */
function attachRest<Item extends Group>(
  stated: readonly Item[],
  members: readonly Member[],
): readonly Item[] {
  if (stated.length < 2) return stated;
  const seated = new Set(stated.flatMap((group) => group.members));
  const rest = members.filter((member) => !seated.has(member));
  return stated.map((group) => ({
    ...group,
    members: [...group.members, ...rest.filter((member) => homeOf(member, stated) === group)],
  }));
}

function homeOf(member: Member, groups: readonly Group[]): Group | undefined {
  const directory = directoryIn(member);
  return (
    theOnly(groups, ({ peers }) => peersOf(member).some((peer) => peers.has(peer))) ??
    theOnly(groups, ({ names }) => names.has(ownName(member))) ??
    theOnly(groups, (group) => group.members.some((other) => directoryIn(other) === directory)) ??
    largest(groups)
  );
}

function directoryIn({ target }: Member): string | undefined {
  return target.location === undefined ? undefined : directoryOf(target.location.file);
}

function theOnly<Item extends Group>(
  groups: readonly Item[],
  fits: (group: Item) => boolean,
): Item | undefined {
  const fitting = groups.filter(fits);
  return fitting.length === 1 ? fitting[0] : undefined;
}

function largest<Item extends Group>(groups: readonly Item[]): Item | undefined {
  return groups.toSorted((one, other) => other.members.length - one.members.length)[0];
}

/** One list of endpoints that leads to two groups says that they are one cluster. */
function joinedByClients(groups: readonly Group[], clients: readonly Client[]): readonly Group[] {
  if (groups.length < 2) return groups;
  return joined(groups, (one, other) =>
    clients.some(
      (client) =>
        isStated(client) &&
        [one, other].every((group) =>
          client.endpoints.value.some(
            (url) => theOnly(groupsAt(url, client, groups), () => true) === group,
          ),
        ),
    ),
  );
}

function isStated({ endpoints }: Client): boolean {
  return endpoints.origin.via !== 'assumed';
}

function groupsAt<Item extends Group>(
  url: string,
  client: Client,
  groups: readonly Item[],
): readonly Item[] {
  return groups.filter((group) => group.members.some((member) => isServedBy(url, member, client)));
}

function isServedBy(url: string, member: Member, client: Client): boolean {
  const { advertiseClientUrls, listenClientUrls, listenClientHttpUrls } = member.settings;
  const urls = [advertiseClientUrls, listenClientUrls, listenClientHttpUrls].flatMap(
    (setting) => setting?.value ?? [],
  );
  if (!urls.some((each) => parseEndpoint(each, true).port === parseEndpoint(url, true).port))
    return false;
  const reached = parseEndpoint(url, true).host.toLowerCase();
  const hosts = [...member.addresses, ...member.hostnames, ...urls.map((each) => hostOf(each))];
  if (!isLoopback(reached)) return hosts.includes(reached);
  const isReached = ['0.0.0.0', '::', reached].some((host) => hosts.includes(host));
  return isReached && !isElsewhere(member, client);
}

function isElsewhere(member: Member, client: Client): boolean {
  if (areOnTwoHosts(member, client)) return true;
  const { network } = client;
  const isApart = network !== undefined && network.isHost !== true && member.network !== undefined;
  return isApart && member.network.of !== network.of;
}

/** Puts a client into the cluster that it connects to; where that is unknown, into the one with its CA. */
function placed(client: Client, groups: readonly NamedGroup[], files: readonly FileFact[]): Client {
  const reached = client.endpoints.value.flatMap((url) => {
    const group = theOnly(groupsAt(url, client, groups), () => true);
    return group === undefined ? [] : [group];
  });
  const group =
    (isStated(client) ? reached[0] : undefined) ??
    theOnly(groups, ({ members }) => sharesAuthority(client, members, files)) ??
    largest(groups);
  if (group === undefined) return client;
  if (isStated(client)) return { ...client, cluster: group.cluster };
  const value = client.endpoints.value.filter((url) =>
    group.members.some(({ settings }) => settings.advertiseClientUrls.value.includes(url)),
  );
  return { ...client, cluster: group.cluster, endpoints: { ...client.endpoints, value } };
}

function sharesAuthority(
  client: Client,
  members: readonly Member[],
  files: readonly FileFact[],
): boolean {
  const issuers = new Set(leavesIn(certificatesOf(client, files)).map(({ issuer }) => issuer.raw));
  return members
    .flatMap((member) => certificatesOf(member, files))
    .some(({ basicConstraints, subject }) => {
      return basicConstraints?.isCa === true && issuers.has(subject.raw);
    });
}

function leavesIn(certificates: readonly Certificate[]): readonly Certificate[] {
  return certificates.filter(({ basicConstraints }) => basicConstraints?.isCa !== true);
}

function certificatesOf(party: Member | Client, files: readonly FileFact[]) {
  const own = new Set(party.files.flatMap(({ file }) => file ?? []));
  return files.filter(({ path }) => own.has(path)).flatMap(certificatesIn);
}
