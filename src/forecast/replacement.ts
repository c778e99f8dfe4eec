import type { Deployment } from '../model/deployment.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type { TlsSettings } from '../model/settings.ts';

/** Two states of one deployment, their files kept apart. */
export interface Replacement {
  readonly old: Deployment;
  readonly new: Deployment;
}

/** Told in reports: the file of that path in the new set. */
const mark = ' (new)';

/** The same evidence with every file under a name of its own, so that it can lie beside another set. */
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
    .map((path) => ({ deployed: path, file: path, because: 'it is the same path' }));
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

/** The deployment when some members are replaced, and one more has its new files but runs on. */
export function afterWriting(
  plan: Replacement,
  replaced: readonly string[],
  written: string,
): Deployment {
  return mixed(plan, (member, successor) => {
    if (replaced.includes(member.name)) return successor;
    return member.name === written ? withNewLeaves(member, successor) : member;
  });
}

export function afterRestart(plan: Replacement, replaced: readonly string[]): Deployment {
  return mixed(plan, (member, successor) => (replaced.includes(member.name) ? successor : member));
}

/** All replaced members and the clients too. */
export function clientsReplaced(plan: Replacement, replaced: readonly string[]): Deployment {
  const evidence = afterRestart(plan, replaced);
  const clients = plan.new.facts.clients ?? evidence.facts.clients ?? [];
  return { ...evidence, facts: { ...evidence.facts, clients } };
}

function mixed(
  { old, new: successors }: Replacement,
  choose: (member: Member, successor: Member) => Member,
): Deployment {
  const members = (old.facts.members ?? []).map((member) => {
    const successor = successors.facts.members?.find(({ name }) => name === member.name);
    return successor === undefined ? member : choose(member, successor);
  });
  const files = [...(old.facts.files ?? []), ...(successors.facts.files ?? [])];
  return { ...old, facts: { ...old.facts, members, files } };
}

/** The old process: old settings and CAs, but whatever now lies where its leaves lay. */
function withNewLeaves(member: Member, successor: Member): Member {
  const { client, peer } = member.settings;
  const reread = new Set([...readEachTime(client), ...readEachTime(peer)]);
  const authorities = new Set([client.trustedCaFile?.value, peer.trustedCaFile?.value]);
  const renewed = successor.files.filter(
    ({ deployed, file }) =>
      file !== undefined && reread.has(deployed) && !authorities.has(deployed),
  );
  const replaced = new Set(renewed.map(({ deployed }) => deployed));
  const kept = member.files.filter(({ deployed }) => !replaced.has(deployed));
  return { ...member, files: [...kept, ...renewed] };
}
