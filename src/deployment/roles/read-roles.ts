import type { MemberDraft, StatedSettings } from '../../model/draft.ts';
import type { FileFact } from '../../model/files.ts';
import type { BuildFact } from '../../model/host-facts.ts';
import type { HostFact } from '../../model/host-facts.ts';
import type { Client, Guess, Member } from '../../model/inventory.ts';
import type { MemberListObservation } from '../../model/live.ts';
import type { ProbeRequest } from '../../model/probe-plan.ts';
import type { Inventory, InventoryClient } from '../../model/stated-inventory.ts';
import { assignHosts } from '../assign-hosts.ts';
import { readRole, type RoleReading } from './assign-roles.ts';
import { clientsByRelease } from './clients-by-release.ts';
import { clientFromDraft, clientFromInventory } from './build-client.ts';
import { buildMember, type DraftedMember, draftMember, type Surroundings } from './build-member.ts';
import { sortFiles } from './credentials.ts';
import { findLayouts } from './find-layouts.ts';
import { guessMatches } from './guess-matches.ts';
import {
  guessOwned,
  guessKeys,
  guessLayouts,
  guessSurplus,
  guessUnused,
  mostShown,
  mostSupposedClients,
} from './guess-roles.ts';
import type { GivenPaths } from './match-files.ts';
import { hostsInUrls } from './member-hosts.ts';
import { isLeftover } from '../../model/leftovers.ts';
import type { GivenVersions } from './plan.ts';
import { planFromDraft } from './plan-from-draft.ts';
import { planFromInventory } from './plan-from-inventory.ts';
import { planListed, planNamed } from './plan-named.ts';
import { mostSupposedMembers, planSiblings } from './plan-siblings.ts';
import { decidedByAddress } from './clients-of-other-services.ts';
import { findClientsOfOtherServices } from './clients-of-other-services.ts';
import { supposeClients } from './suppose-clients.ts';
import { guessAuthority, supposeMembers } from './suppose-members.ts';
import { youAsClient } from './you.ts';
import { isOnEveryMachine, parseEndpoint } from '../../model/host.ts';
import { namesIn } from '../names.ts';

/** Everything from which members, clients and roles are concluded. */
export interface RoleEvidence {
  readonly files: readonly FileFact[];
  readonly drafts: StatedSettings;
  readonly inventory?: Inventory;
  readonly given: GivenPaths;
  readonly dns: ReadonlyMap<string, readonly string[]>;
  readonly hosts?: readonly HostFact[];
  readonly builds?: readonly BuildFact[];
  /** The members that the running cluster lists. */
  readonly memberLists?: readonly Pick<MemberListObservation, 'outcome' | 'members'>[];
  /** The clients that options describe. */
  readonly you?: readonly ProbeRequest[];
}

export interface Roles {
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
  readonly guesses: readonly Guess[];
  /** Why there are no members, where there are none. */
  readonly gap?: string;
}

/**
 * Works out who is who: members and clients as settings and inventory describe them, else as the
 * certificates' contents suggest. Pure; everything that is no certainty comes with a guess. Settings mean what
 * they mean to a release of etcd; what the files say is worked out once for all of them.
 */
export function rolesByRelease(evidence: RoleEvidence): (versions: GivenVersions) => Roles {
  const { files, given, dns, hosts = [], builds = [] } = evidence;
  const live = withoutLeftovers(evidence);
  const set = sortFiles(files);
  const layout = findLayouts(files.map(({ path }) => path));
  const readings = set.credentials.map((credential) =>
    asLeftover(readRole(credential, layout), live.named),
  );
  const byPath = new Map(files.map((file) => [file.path, file]));
  const ofFiles = [
    ...guessLayouts(layout),
    ...set.authorities.slice(0, mostShown).map(guessAuthority),
    ...guessKeys(files, set),
  ];
  return (versions) => {
    const around: Surroundings = { set, given, versions, dns, hosts, builds, files: byPath };
    const planned = planMembers(live.evidence, readings, around);
    const { members: built, guesses } = buildAll(planned.drafts, around);
    const found = findClients(live.evidence, readings, built, around);
    const { members, clients } = assignHosts(built, found.clients);
    const unused = guessUnused(readings, members, clients);
    const memberGap = members.length === 0 ? (planned.gap ?? noMembers) : undefined;
    return {
      members,
      clients,
      guesses: [
        ...ofFiles,
        ...planned.guesses,
        ...guesses,
        ...found.guesses,
        ...guessMatches([...members, ...clients]),
        ...(planned.gap === undefined ? unused : []),
      ],
      ...(memberGap !== undefined && { gap: memberGap }),
    };
  };
}

const noMembers =
  'neither settings of a member nor a server certificate were given; ' +
  'give them, or name the members in etcd-tls.yaml';

interface PlannedMembers {
  readonly drafts: readonly DraftedMember[];
  readonly guesses: readonly Guess[];
  readonly gap?: string;
}

/** Each member connects to each other one. */
const mostMembers = 400;

function tooMany(count: number): PlannedMembers {
  const gap = `${count} members are described, and at most ${mostMembers} are judged together; check each cluster by itself`;
  return { drafts: [], guesses: [], gap };
}

function planMembers(
  { drafts, inventory, memberLists = [] }: RoleEvidence,
  readings: readonly RoleReading[],
  around: Surroundings,
): PlannedMembers {
  const fromFiles = drafts.members.map(planFromDraft);
  const stated = planFromInventory(inventory, fromFiles, { readings, around });
  const distinctPlans = distinct(stated.plans);
  if (distinctPlans.length > mostMembers) return tooMany(distinctPlans.length);
  if (distinctPlans.length > 0) {
    const known = distinctPlans.map((plan) => draftMember(plan, around));
    const siblings = inventory?.members.length
      ? { plans: [], guesses: [] }
      : planSiblings(known, readings, around.given);
    const described = [...known, ...siblings.plans.map((plan) => draftMember(plan, around))];
    const named = [...described, ...planNamed(described).map((plan) => draftMember(plan, around))];
    const plans = [...named.map(({ plan }) => plan), ...planListed(named, memberLists)];
    const all = distinct(plans);
    if (all.length > mostMembers) return tooMany(all.length);
    const listed = all.slice(named.length);
    return {
      drafts: [...named, ...listed.map((plan) => draftMember(plan, around))],
      guesses: [
        ...stated.guesses,
        ...drafts.members.flatMap(guessSuperseded),
        ...known.flatMap((draft) => guessOwned(draft, readings)),
        ...siblings.guesses,
      ],
    };
  }
  const servers = readings.filter(({ role }) => role === 'server' || role === 'server-and-peer');
  if (servers.length > mostSupposedMembers) {
    const gap =
      `${servers.length} server certificates and no settings: more than one cluster has members; ` +
      'name yours in etcd-tls.yaml';
    return { drafts: [], guesses: [], gap };
  }
  const supposed = supposeMembers(readings, around.set);
  return {
    drafts: supposed.map(({ plan }) => draftMember(plan, around)),
    guesses: supposed.flatMap(({ guesses }) => guesses),
  };
}

/** Configuration of a tool that wrote down what it starts. */
function guessSuperseded({ origin, superseded = [] }: MemberDraft): readonly Guess[] {
  return superseded.map(({ file, line }) => ({
    about: line === undefined ? file : `${file}:${line}`,
    conclusion: 'superseded configuration',
    because: `etcd runs with the settings in ${origin.file}`,
    ambiguous: false,
  }));
}

interface Live {
  readonly evidence: RoleEvidence;
  /** Paths in the settings and the inventory that are not left over, by their last part. */
  readonly named: ReadonlySet<string>;
}

/** Settings that were left behind start nothing; where nothing else was given they may be what is meant. */
function withoutLeftovers(evidence: RoleEvidence): Live {
  const { members, clients } = evidence.drafts;
  const kept = members.filter(({ origin }) => !isLeftover(origin.file));
  const listed = evidence.inventory?.members ?? [];
  const named = listed.flatMap(({ flags, files }) => [
    ...flags.map(({ value }) => value),
    ...Object.values(files),
  ]);
  const drafts = {
    members: kept.length > 0 ? kept : members,
    clients: clients.filter(({ origin }) => !isLeftover(origin.file)),
  };
  return { evidence: { ...evidence, drafts }, named: new Set(named) };
}

/** A copy that was left behind makes no member and no client, unless the inventory names it. */
function asLeftover(reading: RoleReading, named: ReadonlySet<string>): RoleReading {
  const { path } = reading.credential.file;
  if (!isLeftover(path) || named.has(path)) return reading;
  return {
    ...reading,
    role: 'unrelated',
    ambiguous: false,
    because: 'its path looks like that of a leftover copy',
  };
}

/** Two units of the same name are assumed to be two members. */
function distinct<Named extends { readonly name: string }>(
  plans: readonly Named[],
): readonly Named[] {
  const seen = new Map<string, number>();
  return plans.map((plan) => {
    const count = (seen.get(plan.name) ?? 0) + 1;
    seen.set(plan.name, count);
    return count === 1 ? plan : { ...plan, name: `${plan.name}-${count}` };
  });
}

function buildAll(drafts: readonly DraftedMember[], around: Surroundings) {
  const owners = new Map<string, number>();
  for (const { credentials, plan, reading } of drafts) {
    const { peer, client } = hostsInUrls(reading.settings);
    const certified = credentials.flatMap(({ leaf }) => namesIn(leaf));
    // What another member's URLs name is that member's, whosever certificate has it too.
    for (const host of new Set([...certified, ...plan.addresses, ...peer, ...client])) {
      owners.set(host, (owners.get(host) ?? 0) + 1);
    }
  }
  const built = drafts.map((draft) => buildMember(draft, around, (host) => owners.get(host) === 1));
  return {
    members: built.map(({ member }) => member),
    guesses: built.flatMap(({ guesses }) => guesses),
  };
}

/** The same client settings with the same files on several hosts are one client, unless they mean the host itself. */
function withoutEqual(clients: readonly Client[]): readonly Client[] {
  const seen = new Map<string, Client>();
  return clients.filter((client) => {
    if (client.host === undefined || client.endpoints.value.some(dialsItself)) return true;
    const { kind, endpoints, serverName, insecureSkipVerify, files, problems } = client;
    const key = JSON.stringify([
      kind,
      endpoints.value,
      serverName?.value,
      insecureSkipVerify?.value,
      files.map(({ deployed, file }) => [deployed, file]),
      problems.length,
    ]);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, client);
    return known === undefined || known.host === client.host;
  });
}

function dialsItself(url: string): boolean {
  return isOnEveryMachine(parseEndpoint(url, true).host);
}

/** Settings say more of a client than the inventory does, but for the cluster that it is of. */
function inItsCluster(client: Client, listed: readonly InventoryClient[]): Client {
  const cluster = listed.find(({ name }) => name === client.name)?.cluster;
  return cluster === undefined ? client : { ...client, cluster };
}

function findClients(
  { drafts, inventory, you = [] }: RoleEvidence,
  readings: readonly RoleReading[],
  members: readonly Member[],
  around: Surroundings,
) {
  const listed = inventory?.clients ?? [];
  const stated = decidedByAddress(clientsByRelease(drafts.clients, members, around), members);
  const drafted = distinct(
    withoutEqual(
      stated
        .filter(({ isOfEtcd }) => isOfEtcd !== false)
        .map((draft) => clientFromDraft(draft, around)),
    ),
  ).map((client) => inItsCluster(client, listed));
  const described = [
    ...drafted,
    ...listed
      .filter(({ name }) => !drafted.some((draft) => draft.name === name))
      .map((entry) => clientFromInventory(entry, members, around)),
  ];
  const others = findClientsOfOtherServices(readings, stated, around);
  const callers = you.flatMap((each, index) => youAsClient(each, index, members, around) ?? []);
  const clients = distinct([...described, ...callers]);
  const taken = new Set(
    [...members, ...clients, ...others.owners].flatMap(({ files }) =>
      files.flatMap(({ file }) => file ?? []),
    ),
  );
  const spare = readings.filter(({ role }) => role === 'client').slice(0, mostSupposedClients);
  // An inventory that lists clients is assumed to list all of them.
  if (listed.length > 0) return { clients, guesses: others.guesses };
  const names = new Set(clients.map(({ name }) => name));
  const supposed = supposeClients(spare, { ...around, members, taken, names });
  return {
    clients: [...clients, ...supposed.clients],
    guesses: [...others.guesses, ...supposed.guesses, ...guessSurplus(readings)],
  };
}
