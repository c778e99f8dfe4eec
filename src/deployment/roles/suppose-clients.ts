import type { Client, FileMatch, Guess, Member } from '../../model/inventory.ts';
import type { Setting } from '../../model/settings.ts';
import { guessRole, type RoleReading } from './assign-roles.ts';
import type { Surroundings } from './build-member.ts';
import { clientGoVersion, everyMember } from './build-client.ts';
import { type Authority, issuersOf, pathsByName } from './credentials.ts';
import { nameInFile } from './names.ts';
import { authorityFor } from './suppose-members.ts';
import { givenFile } from '../deployed-path.ts';

/** Clients made up from certificates, and what was concluded of those that are none. */
export interface SupposedClients {
  readonly clients: readonly Client[];
  readonly guesses: readonly Guess[];
}

/** What is known before clients are supposed. */
export interface ClientSurroundings extends Surroundings {
  readonly members: readonly Member[];
  /** Paths that settings or the inventory name already. */
  readonly taken: ReadonlySet<string>;
  /** Names that are given away. */
  readonly names: ReadonlySet<string>;
}

/** Supposes a client that dials every member for each client certificate that nothing else uses. */
export function supposeClients(
  readings: readonly RoleReading[],
  around: ClientSurroundings,
): SupposedClients {
  const names = new Set(around.names);
  const trusted = trustedByMembers(around);
  const seen = new Set<string>();
  const clients: Client[] = [];
  const guesses: Guess[] = [];
  for (const reading of readings) {
    const { file, leaf } = reading.credential;
    if (around.taken.has(file.path) || seen.has(leaf.sha256)) continue;
    seen.add(leaf.sha256);
    const foreign = foreignIssuer(reading, trusted, around);
    if (foreign !== undefined) {
      const because = `its issuer is in ${foreign.label}, which no member trusts`;
      guesses.push({ ...guessRole(reading, 'client certificate of another service'), because });
      continue;
    }
    const name = freeName(nameInFile(file.path) ?? leaf.subject.commonName ?? 'client', names);
    clients.push(supposeClient(name, reading, around));
    guesses.push(guessRole(reading, `client certificate; assumed to connect to every member`));
  }
  return { clients, guesses };
}

/** CA files that members trust for clients. */
function trustedByMembers({ members }: ClientSurroundings): ReadonlySet<string> {
  return new Set(
    members.flatMap(
      ({ settings, files }) => givenFile(settings.client.trustedCaFile?.value, files) ?? [],
    ),
  );
}

/**
 * The CA of a certificate that comes from a PKI other than etcd's, such as Kubernetes's own.
 *
 * A certificate whose CA is nowhere among the files is not excused: it may be the fault to find.
 */
function foreignIssuer(
  { credential, place }: RoleReading,
  trusted: ReadonlySet<string>,
  { set, members }: ClientSurroundings,
): Authority | undefined {
  const issuers = issuersOf(credential.leaf, set);
  if (place?.role === 'client' || trusted.size === 0 || members.length === 0) return undefined;
  if (issuers.some((each) => trusted.has(each.trusted))) return undefined;
  const isSameName = [...trusted].some((path) =>
    set.bySubject.get(credential.leaf.issuer.raw)?.some((each) => each.trusted === path),
  );
  return isSameName ? undefined : issuers[0];
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  return free;
}

function supposeClient(
  name: string,
  { credential }: RoleReading,
  around: ClientSurroundings,
): Client {
  const { file } = credential;
  const { certificate, key } = pathsByName(credential);
  const because = 'no client settings name this certificate';
  const set = (value: string): Setting<string> => ({ value, origin: { via: 'assumed', because } });
  const authority = serversAuthority(around) ?? authorityFor(credential, around.set);
  const paths = [authority?.trusted ?? '', certificate, key ?? ''].filter((path) => path !== '');
  return {
    name,
    kind: 'client',
    target: { kind: 'client', name, location: { file: file.path } },
    known: 'supposed',
    origin: { file: file.path },
    endpoints: everyMember(around.members),
    certFile: set(certificate),
    keyFile: set(key ?? `${file.path.replace(/\.\w+$/, '')}.key`),
    ...(authority !== undefined && { caFile: set(authority.trusted) }),
    verifier: 'go',
    speaks: 'grpc',
    goVersion: clientGoVersion('client', around),
    problems: [],
    files: paths.map((path): FileMatch => ({ deployed: path, file: path, because })),
  };
}

/** The CA that a client needs is the one that issued the members' server certificates. */
function serversAuthority({ members, set }: ClientSurroundings): Authority | undefined {
  for (const { settings, files } of members) {
    const file = givenFile(settings.client.certFile?.value, files);
    const credential = file === undefined ? undefined : set.byPath.get(file);
    if (credential !== undefined) return authorityFor(credential, set);
  }
  return undefined;
}
