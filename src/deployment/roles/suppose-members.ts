import { largest } from '../../model/extremes.ts';
import type { FileMatch, Guess } from '../../model/inventory.ts';
import type { AssumedSetting } from '../../model/settings.ts';
import { guessRole, ownHosts, type RoleReading } from './assign-roles.ts';
import type { Authority, CertificateSet, Credential } from './credentials.ts';
import { issuersOf, pathsByName } from './credentials.ts';
import { directoryOf } from './match-files.ts';
import { nameInFile } from './names.ts';
import type { MemberPlan } from './plan.ts';
import { groupBy } from '../../model/group-by.ts';

/** A member made up from its certificates alone. */
export interface SupposedMember {
  readonly plan: MemberPlan;
  readonly guesses: readonly Guess[];
}

/** The certificates of one member. */
interface Group {
  server: RoleReading;
  peer: RoleReading;
}

/** Plans a member for each server certificate, as a sound deployment would have it: mutual TLS on both ports. */
export function supposeMembers(
  readings: readonly RoleReading[],
  set: CertificateSet,
): readonly SupposedMember[] {
  const groups = groupReadings(readings);
  const clients = readings
    .filter(({ role }) => role === 'client')
    .map(({ credential }) => credential);
  const names = new Set<string>();
  return groups.map((group) => {
    const name = uniqueName(nameOf(group, groups), names);
    return supposeMember(name, group, { set, clients });
  });
}

function groupReadings(readings: readonly RoleReading[]): readonly Group[] {
  const servers = readings.filter(({ role }) => role === 'server' || role === 'server-and-peer');
  const peers = readings.filter(({ role }) => role === 'peer');
  const groups = new Map<string, Group>();
  for (const server of servers) {
    const key = `${homeOf(server)} ${server.credential.leaf.sha256}`;
    if (!groups.has(key)) groups.set(key, { server, peer: server });
  }
  const byHome = groupBy(groups.values(), ({ server }) => homeOf(server));
  for (const peer of peers) attachPeer(peer, byHome, groups);
  return [...groups.values()];
}

/** The directory of the layout where there is one, else that of the file. */
function homeOf({ place, credential }: RoleReading): string {
  return place?.directory ?? directoryOf(credential.file.path);
}

/** A peer certificate belongs to the server certificate with the most hosts in common, nearby first. */
function attachPeer(
  peer: RoleReading,
  byHome: ReadonlyMap<string, readonly Group[]>,
  groups: Map<string, Group>,
): void {
  const home = homeOf(peer);
  const near = byHome.get(home) ?? byHome.get(directoryOf(home)) ?? [];
  const candidates = near.length > 0 ? near : [...groups.values()];
  const free = candidates.filter((group) => group.peer === group.server);
  const best = pickBest(peer, free);
  if (best !== undefined) best.peer = peer;
  else if (candidates.length === 0) {
    groups.set(`${home} ${peer.credential.leaf.sha256}`, { server: peer, peer });
  }
}

function pickBest(peer: RoleReading, groups: readonly Group[]): Group | undefined {
  const hosts = new Set(ownHosts(peer.credential));
  const sameHost = groups.find(
    ({ server }) => peer.place?.host !== undefined && server.place?.host === peer.place.host,
  );
  if (sameHost !== undefined) return sameHost;
  const scores = groups.map(
    ({ server }) => ownHosts(server.credential).filter((host) => hosts.has(host)).length,
  );
  const most = largest(scores, 0);
  return most === 0 && groups.length > 1 ? undefined : groups[scores.indexOf(most)];
}

function nameOf({ server, peer }: Group, groups: readonly Group[]): string {
  const path = server.credential.file.path;
  const inFile = server.place?.host ?? peer.place?.host ?? nameInFile(path);
  const isShared = groups.some(
    (other) => other.server !== server && nameInFile(other.server.credential.file.path) === inFile,
  );
  if (inFile !== undefined && !isShared) return inFile;
  return (
    nameInDirectories(path, groups) ?? nameInCertificate(server.credential) ?? inFile ?? 'etcd'
  );
}

/** Where every member has a directory of its own, it is called after that. */
function nameInDirectories(path: string, groups: readonly Group[]): string | undefined {
  const others = groups
    .map(({ server }) => server.credential.file.path.split('/'))
    .filter((other) => other.join('/') !== path);
  if (others.length === 0) return undefined;
  const own = path.split('/').slice(0, -1);
  const name = own.find((segment, depth) => others.every((other) => other[depth] !== segment));
  // Without the host's colon (`node1:certs`), and without what follows the name of a file of several objects.
  return name?.replace(/:.*$/s, '').replace(/(?:\.\w+)?#.*$/s, '');
}

function nameInCertificate({ leaf }: Credential): string | undefined {
  const [host] = ownHosts({ leaf }).toSorted(
    (a, b) => Number(/^[\d.:a-f]*$/.test(a)) - Number(/^[\d.:a-f]*$/.test(b)),
  );
  return host ?? leaf.subject.commonName;
}

function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let number = 2; taken.has(unique); number += 1) unique = `${name}-${number}`;
  taken.add(unique);
  return unique;
}

interface Neighbours {
  readonly set: CertificateSet;
  readonly clients: readonly Credential[];
}

function supposeMember(name: string, group: Group, { set, clients }: Neighbours): SupposedMember {
  const { server, peer } = group;
  const because = 'no settings were given; assumed to require client certificates on both ports';
  // The CA of the client port is the one that issues clients; k3s, for one, has another for peers.
  const forClients = clients[0] ?? server.credential;
  const ofLayout = authorityOfLayout(server, set);
  const settings = [
    ...pairSettings('', server.credential, ofLayout ?? authorityFor(forClients, set)),
    ...pairSettings('peer-', peer.credential, ofLayout ?? authorityFor(peer.credential, set)),
  ].map(([flag, value]): AssumedSetting => ({ name: flag, value, because }));
  const path = server.credential.file.path;
  const guesses =
    server === peer
      ? [guessRole(server, `server and peer certificate of ${name}`, name)]
      : [
          guessRole(server, `server certificate of ${name}`, name),
          guessRole(peer, `peer certificate of ${name}`, name),
        ];
  return {
    guesses,
    plan: {
      name,
      origin: { file: path },
      sources: [{ kind: 'assumed', settings }],
      partial: true,
      mounts: [],
      addresses: [],
      hostnames: [],
      matches: settings
        .filter(({ value }) => value !== 'true')
        .map(({ value }) => matchOf(value, group)),
      origins: new Map(),
    },
  };
}

/** The CA file that an installer gives etcd, whichever CA issued the other files. */
function authorityOfLayout({ place }: RoleReading, set: CertificateSet): Authority | undefined {
  const name = place?.layout.authority;
  if (place === undefined || name === undefined) return undefined;
  return set.authorities.find(({ file }) => file.path === `${place.directory}/${name}`);
}

function matchOf(path: string, { server, peer }: Group): FileMatch {
  const isAbsent = [server, peer].some(
    ({ credential: { key, file } }) => key === undefined && path === absentKey(file.path),
  );
  return isAbsent
    ? { deployed: path, because: 'no private key of this certificate was given' }
    : { deployed: path, file: path, because: 'no settings name another' };
}

function pairSettings(
  prefix: '' | 'peer-',
  credential: Credential,
  authority: Authority | undefined,
): readonly (readonly [string, string])[] {
  const { certificate, key = absentKey(certificate) } = pathsByName(credential);
  return [
    [`${prefix}cert-file`, certificate],
    [`${prefix}key-file`, key],
    [`${prefix}client-cert-auth`, 'true'],
    ...(authority === undefined
      ? []
      : ([[`${prefix}trusted-ca-file`, authority.trusted]] as const)),
  ];
}

/** etcd demands a key where it has a certificate; it may well be that the key was left on its host. */
function absentKey(certificate: string): string {
  return `${certificate.replace(/\.\w+$/, '')}.key`;
}

/** The nearest CA file that may have issued a certificate; where none has the name, the only one there is. */
export function authorityFor(
  { leaf, file }: Credential,
  set: CertificateSet,
): Authority | undefined {
  const named = issuersOf(leaf, set);
  const candidates = named.length > 0 ? named : set.authorities;
  if (named.length === 0 && candidates.length > 1) return undefined;
  const home = directoryOf(file.path);
  return (
    candidates.find((authority) => directoryOf(authority.file.path) === home) ??
    candidates.toSorted((a, b) => a.certificates.length - b.certificates.length)[0]
  );
}

/** `ca_cert.pem: the CA of …`: what the CA files are for, said once for each. */
export function guessAuthority({ label, certificates }: Authority): Guess {
  const subjects = certificates.map(({ subject }) => subject.text);
  const more = subjects.length > 2 ? ` and ${subjects.length - 2} more` : '';
  return {
    about: label,
    conclusion:
      certificates.length === 1 ? 'CA certificate' : `${certificates.length} CA certificates`,
    because: `basicConstraints says CA: ${subjects.slice(0, 2).join('; ')}${more}`,
    ambiguous: false,
  };
}
