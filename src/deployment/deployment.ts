import { defined } from '../model/defined.ts';
import type { Supposition } from '../etcd/release-range.ts';
import type { Deployment, DeploymentRequest } from '../model/deployment.ts';
import type {
  CollectedFacts,
  Evidence,
  IgnoredFile,
  NotUnderstood,
  Statements,
} from '../model/evidence.ts';
import { type DeployedLiveFacts, type LiveFacts, liveFactsOf } from '../model/live-facts.ts';
import type { FileFact } from '../model/files.ts';
import type { Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import type { Location } from '../model/target.ts';
import type { ProbeRequest } from '../model/probe-plan.ts';
import type { Inventory, InventoryValue } from '../model/stated-inventory.ts';
import { withClusters } from './clusters.ts';
import { ownClockOff } from './clocks.ts';
import { withJoins } from './joins.ts';
import { withNeighbours } from './one-host.ts';
import { observedVersions } from './observed-versions.ts';
import { baseName, givenPaths, normalized } from './roles/match-files.ts';
import type { GivenVersions } from './roles/plan.ts';
import { fromInventory } from './roles/plan-from-inventory.ts';
import { observationsOf } from './observations.ts';
import { type Roles, rolesByRelease } from './roles/read-roles.ts';
import { ignoringPattern } from '../model/ignored.ts';
import { statementsOf } from './statements.ts';

/**
 * What follows from evidence: who is a member, who is a client, which file is meant by which path.
 * Pure: the same evidence and request always give the same deployment, whenever and wherever judged.
 */
export function deploymentOf(evidence: Evidence, request: DeploymentRequest = {}): Deployment {
  return deploymentByRelease(evidence, request)();
}

/**
 * The same under each release that may be supposed of members and clients of which nothing states one. What
 * does not depend on the release is worked out once.
 */
export function deploymentByRelease(
  evidence: Evidence,
  request: DeploymentRequest = {},
): (supposed?: Supposition) => Deployment {
  const { gaps } = evidence;
  const facts = withoutIgnored(evidence.facts);
  const stated = statementsOf(request, [evidence]);
  const you = stated.clients ?? [];
  const { inventory, notUnderstood, ignored } = facts;
  const isAlone = isClientAlone(facts, you);
  const distinct = distinctFiles(facts.files);
  const rolesUnder = rolesOf(facts, distinct, stated);
  const preferences = inventory?.config ?? {};
  return (supposed) => {
    const roles = withNeighboursOf(rolesUnder(supposed));
    const { members, clients, guesses, gap } = isAlone
      ? aloneRoles(roles, you)
      : withClusters(roles, facts);
    // Served certificates are judged without a member, too.
    const isSeen = facts.endpoints !== undefined;
    const who = gap === undefined || isSeen ? { members, clients } : { clients };
    const seen = observationsOf(facts, members, distinct.files);
    return {
      collectedAt: request.at ?? timeOfMembers(evidence, seen),
      facts: {
        ...seen,
        ...defined({ notUnderstood: stillOpen(notUnderstood, members), ignored }),
        files: distinct.files,
        ...who,
        guesses,
      },
      gaps: { ...(gap !== undefined && { members: gap }), ...gaps },
      ...(isAlone && { isClientAlone: true }),
      ...defined({ you: stated.clients }),
      ...(Object.keys(preferences).length > 0 && { preferences }),
    };
  };
}

/** What a member that has started does not read changes nothing. */
function stillOpen(
  texts: readonly NotUnderstood[] | undefined,
  members: readonly Member[],
): readonly NotUnderstood[] | undefined {
  const started = new Set(
    members.filter((each) => each.started === true).map(({ target }) => placeOf(target.location)),
  );
  return texts
    ?.filter(({ atFirstStartOf: of }) => of === undefined || !started.has(placeOf(of)))
    .map(({ atFirstStartOf: _of, ...text }) => text);
}

function placeOf(location: Location | undefined): string {
  return JSON.stringify([location?.file, location?.line]);
}

function withNeighboursOf(roles: Roles): Roles {
  return { ...roles, members: withJoins(withNeighbours(roles.members)) };
}

/** Whether the options that describe a client are all that was given. */
function isClientAlone(facts: Partial<CollectedFacts>, you: readonly ProbeRequest[]): boolean {
  if (you.length === 0) return false;
  const { files = [], texts = [], inventory } = facts;
  const own = you
    .flatMap((each) => [each.trustedCaFile, each.certificateFile, each.keyFile])
    .flatMap((path) => (path === undefined ? [] : normalized(path)));
  return (
    inventory === undefined && texts.length === 0 && files.every(({ path }) => own.includes(path))
  );
}

/** Why nothing is known of members. */
export const onlyEndpoints = 'only endpoints were given';

/** A client's files say nothing of members, whatever else its certificate could be used for. */
function aloneRoles({ clients }: Roles, you: readonly ProbeRequest[]): Roles {
  const isDescribed = you.every(({ trustedCaFile }) => trustedCaFile !== undefined);
  return { members: [], clients, guesses: [], ...(isDescribed ? {} : { gap: onlyEndpoints }) };
}

/** Where this host alone has another time than the members, dates are judged by theirs. */
function timeOfMembers(
  { collectedAt }: Evidence,
  { processes = [] }: Partial<DeployedLiveFacts>,
): string {
  const off = ownClockOff(processes);
  return off === undefined ? collectedAt : new Date(Date.parse(collectedAt) + off).toISOString();
}

function rolesOf(
  facts: Partial<CollectedFacts>,
  { files, shared }: DistinctFiles,
  stated: Statements,
): (supposed?: Supposition) => Roles {
  const { texts = [], settings: drafts = noSettings, inventory } = facts;
  const all = facts.files ?? [];
  const paths = [...all.map(({ path }) => path), ...texts];
  const keys = all.filter(({ blocks }) => blocks.some(({ kind }) => kind === 'key'));
  const maps = [...(stated.maps ?? []), ...(inventory?.maps ?? [])];
  const given = givenVersions(stated, inventory);
  const rolesUnder = rolesByRelease({
    files,
    drafts,
    given: givenPaths(paths, maps, {
      keys: keys.map(({ path }) => path),
      ...defined({ directories: facts.directories, logs: facts.writeAheadLogs }),
      unopened: all.filter(({ unreadable }) => unreadable !== undefined).map(({ path }) => path),
      shared,
      contentOf: certificatesByPath(all),
    }),
    dns: dnsAnswers(stated, inventory),
    ...defined({ hosts: facts.hosts, builds: facts.builds, memberLists: facts.memberLists }),
    ...(inventory !== undefined && { inventory }),
    ...(stated.clients && { you: stated.clients }),
  });
  const seen = liveFactsOf(facts);
  const observed = isLookedAt(seen)
    ? observedVersions(observationsOf(facts, rolesUnder(given).members, files))
    : undefined;
  return (supposed) => rolesUnder({ ...given, ...defined({ observed, supposed }) });
}

function isLookedAt({
  endpoints = [],
  statuses = [],
  processes = [],
}: Partial<LiveFacts>): boolean {
  return endpoints.length + statuses.length + processes.length > 0;
}

function certificatesByPath(files: readonly FileFact[]): (path: string) => string | undefined {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return (path) => {
    const { blocks = [] } = byPath.get(path) ?? {};
    const hashes = blocks.map((block) =>
      block.kind === 'certificate' ? block.certificate.sha256 : '',
    );
    return hashes.length === 0 || hashes.includes('') ? undefined : hashes.join();
  };
}

interface DistinctFiles {
  readonly files: readonly FileFact[];
  /** From the path of a file to that of the same file on another host, which represents both. */
  readonly shared: ReadonlyMap<string, string>;
}

/** A file that several hosts have alike, such as a CA, counts once; a key is as exposed as it is on each. */
function distinctFiles(files: readonly FileFact[] = []): DistinctFiles {
  const shared = new Map<string, string>();
  if (new Set(files.map(({ host }) => host)).size < 2) return { files, shared };
  const first = new Map<string, FileFact>();
  const distinct = files.filter((file) => {
    const { path, host, linkTarget: _linkTarget, ...content } = file;
    if (content.blocks.some(({ kind }) => kind === 'key')) return true;
    const key = JSON.stringify([baseName(path), content]);
    const known = first.get(key);
    if (known === undefined) first.set(key, file);
    else if (known.host !== host) shared.set(path, known.path);
    return known === undefined || known.host === host;
  });
  return { files: distinct, shared };
}

const noSettings = { members: [], clients: [] };

function givenVersions(stated: Statements, inventory: Inventory | undefined): GivenVersions {
  const etcd = option('--etcd-version', stated.etcdVersion) ?? listed(inventory?.etcdVersion);
  const go = option('--go-version', stated.goVersion) ?? listed(inventory?.goVersion);
  return {
    ...(etcd !== undefined && { etcd }),
    ...(go !== undefined && { go }),
  };
}

function option(name: string, value: string | undefined): Setting<string> | undefined {
  if (value === undefined) return undefined;
  return { value: value.replace(/^(?:v|go)/, ''), origin: { via: 'flag', name } };
}

function listed(value: InventoryValue | undefined): Setting<string> | undefined {
  return value === undefined ? undefined : fromInventory(value);
}

function dnsAnswers({ resolve = [] }: Statements, inventory: Inventory | undefined) {
  const answers = new Map(Object.entries(inventory?.dns ?? {}));
  for (const { name, address } of resolve) {
    answers.set(name, [...(answers.get(name) ?? []), address]);
  }
  return answers;
}

/** Evidence as if the files were not there that the inventory says to ignore. */
function withoutIgnored(facts: Partial<CollectedFacts>): Partial<CollectedFacts> {
  const { inventory, files = [], texts = [], settings, notUnderstood = [] } = facts;
  const patterns = inventory?.ignore ?? [];
  if (patterns.length === 0) return facts;

  const ignored = new Map((facts.ignored ?? []).map((file) => [file.path, file]));
  const isKept = (path: string): boolean => {
    const file = ignoredFile(path, patterns);
    if (file !== undefined) ignored.set(path, file);
    return file === undefined;
  };
  const kept = {
    files: files.filter(({ path }) => isKept(path)),
    texts: texts.filter(isKept),
    notUnderstood: notUnderstood.filter(({ path }) => isKept(path)),
    ...(settings && {
      settings: {
        members: settings.members.filter(({ origin }) => isKept(origin.file)),
        clients: settings.clients.filter(({ origin }) => isKept(origin.file)),
      },
    }),
  };
  return { ...facts, ...kept, ignored: [...ignored.values()] };
}

function ignoredFile(path: string, patterns: readonly string[]): IgnoredFile | undefined {
  const pattern = ignoringPattern(path, patterns);
  return pattern === undefined ? undefined : { path, pattern };
}
