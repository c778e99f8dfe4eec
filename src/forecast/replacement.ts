import type { Deployment } from '../model/deployment.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type { TlsSettings } from '../model/settings.ts';

/** Two states of one deployment, their files kept apart. */
export interface Replacement {
  readonly old: Deployment;
  readonly new: Deployment;
}

/** Shown in reports: the file of that path in the new set. */
const mark = ' (new)';

/** The same evidence with every file under a name of its own, so that it can be combined with another set. */
export function suffixed(evidence: Deployment): Deployment {
  const { files = [], members = [], clients = [] } = evidence.facts;
  const paths = new Set(files.map(({ path }) => path));
  return {
    ...evidence,
    facts: {
      ...evidence.facts,
      files: files.map((file) => ({ ...file, path: file.path + mark })),
      members: members.map((member) => ({
        ...member,
        files: rematch(member.files, memberPaths(member), paths),
      })),
      clients: clients.map((client) => ({
        ...client,
        files: rematch(client.files, clientPaths(client), paths),
      })),
    },
  };
}

/** Matches lead to the marked files, those included that were found by being the same path. */
function rematch(
  matches: readonly FileMatch[],
  deployed: readonly string[],
  paths: ReadonlySet<string>,
): readonly FileMatch[] {
  const matched = new Set(matches.map((match) => match.deployed));
  const direct = deployed
    .filter((path) => !matched.has(path) && paths.has(path))
    .map((path) => ({ deployed: path, file: path, because: 'the path is the same' }));
  return [...matches, ...direct].map(({ file, ...match }) =>
    file === undefined ? match : { ...match, file: file + mark },
  );
}

function memberPaths({ settings: { client, peer } }: Member): readonly string[] {
  return [client, peer].flatMap((tls) => [...readEachTime(tls), tls.trustedCaFile?.value ?? '']);
}

/** What etcd reads for every handshake; its CA file it reads when it starts. */
function readEachTime(tls: TlsSettings): readonly string[] {
  const { certFile, keyFile, clientCertFile, clientKeyFile, crlFile } = tls;
  return [certFile, keyFile, clientCertFile, clientKeyFile, crlFile].flatMap(
    (setting) => setting?.value ?? [],
  );
}

function clientPaths({ caFile, certFile, keyFile }: Client): readonly string[] {
  return [caFile, certFile, keyFile].flatMap((setting) => setting?.value ?? []);
}

/** The deployment when some hosts are replaced, and one more has its new files but its processes run on. */
export function afterWriting(
  plan: Replacement,
  replaced: readonly string[],
  written: string,
): Deployment {
  const { facts } = afterRestart(plan, replaced);
  const member = facts.members?.find(({ name }) => name === written);
  const successor = successorOf(plan, member);
  if (member === undefined || successor === undefined) return { ...plan.old, facts };
  return {
    ...plan.old,
    facts: {
      ...facts,
      members: (facts.members ?? []).map((each) =>
        each === member ? withNewLeaves(member, successor) : each,
      ),
      clients: (facts.clients ?? []).map((client) =>
        memberOnSameHost(plan, client) === written ? withFilesReread(plan, client) : client,
      ),
    },
  };
}

/** The deployment when some hosts are replaced: their members, and the clients that share a file with them. */
export function afterRestart(plan: Replacement, replaced: readonly string[]): Deployment {
  const { old, new: successors } = plan;
  const members = (old.facts.members ?? []).map((member) =>
    replaced.includes(member.name) ? restarted(member, successorOf(plan, member)) : member,
  );
  const clients = (old.facts.clients ?? []).map((client) =>
    replaced.includes(memberOnSameHost(plan, client) ?? '')
      ? (clientSuccessor(plan, client) ?? client)
      : client,
  );
  const files = [...(old.facts.files ?? []), ...(successors.facts.files ?? [])];
  return { ...old, facts: { ...old.facts, members, clients, files } };
}

function restarted(member: Member, successor: Member | undefined): Member {
  if (successor === undefined) return member;
  if (!hasOtherPeerUrls(member, successor)) return successor;
  const { initialAdvertisePeerUrls } = member.settings;
  return { ...successor, settings: { ...successor.settings, initialAdvertisePeerUrls } };
}

/**
 * Peer URLs in settings count at the first start of a member alone: its cluster keeps them until
 * `etcdctl member update` (etcdserver/api/membership).
 */
export function hasOtherPeerUrls(member: Member, successor: Member): boolean {
  const [known, given] = [member, successor].map(({ settings }) => {
    const { value, origin } = settings.initialAdvertisePeerUrls;
    const isStated = origin.via !== 'assumed' && origin.via !== 'default';
    return isStated ? value.toSorted().join(',') : undefined;
  });
  return known !== undefined && given !== undefined && known !== given;
}

/** All replaced members and every client. */
export function clientsReplaced(plan: Replacement, replaced: readonly string[]): Deployment {
  const deployment = afterRestart(plan, replaced);
  const clients = plan.new.facts.clients ?? deployment.facts.clients ?? [];
  return { ...deployment, facts: { ...deployment.facts, clients } };
}

export function successorOf({ new: successors }: Replacement, member: Member | undefined) {
  return successors.facts.members?.find(({ name }) => name === member?.name);
}

/** The client of the same name on the same host. */
function clientSuccessor({ new: successors }: Replacement, { name, host }: Client) {
  return successors.facts.clients?.find((each) => each.name === name && each.host === host);
}

/**
 * The member on whose host a client runs. A file that both read changes for both at once; one that several
 * members read, as in a set of files for all hosts, shows nothing.
 */
function memberOnSameHost({ old }: Replacement, client: Client): string | undefined {
  const own = new Set(filesOf(client));
  const [member, ...others] = (old.facts.members ?? []).filter((each) =>
    filesOf(each).some((file) => own.has(file)),
  );
  return others.length === 0 ? member?.name : undefined;
}

function filesOf({ files }: Pick<Client, 'files'>): readonly string[] {
  return files.flatMap(({ file }) => file ?? []);
}

/**
 * etcdctl reads every file each time it runs. A process that goes on reads certificate and key for every
 * handshake, but its CA file only when it starts (etcd's client/pkg/transport, which Kubernetes uses too).
 */
function withFilesReread(plan: Replacement, client: Client): Client {
  const successor = clientSuccessor(plan, client);
  if (successor === undefined) return client;
  if (client.kind === 'etcdctl') return successor;
  const reread = [client.certFile?.value, client.keyFile?.value];
  return withFilesAt(client, successor, (path) => reread.includes(path));
}

/** The same settings, with another one's files at some of the deployed paths. */
function withFilesAt<Owner extends Client | Member>(
  owner: Owner,
  successor: Pick<Owner, 'files'>,
  isReread: (path: string) => boolean,
): Owner {
  const renewed = successor.files.filter(
    ({ deployed, file }) => file !== undefined && isReread(deployed),
  );
  const replaced = new Set(renewed.map(({ deployed }) => deployed));
  const kept = owner.files.filter(({ deployed }) => !replaced.has(deployed));
  return { ...owner, files: [...kept, ...renewed] };
}

/** The old process: old settings and CAs, but with the new leaves at the paths of the old ones. */
function withNewLeaves(member: Member, successor: Member): Member {
  const { client, peer } = member.settings;
  const reread = new Set([...readEachTime(client), ...readEachTime(peer)]);
  const authorities = new Set([client.trustedCaFile?.value, peer.trustedCaFile?.value]);
  return withFilesAt(member, successor, (path) => reread.has(path) && !authorities.has(path));
}
