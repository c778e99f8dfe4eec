import type { Certificate, PrivateKey } from '../model/certificate.ts';
import type { Facts } from '../model/evidence.ts';
import type { FileFact } from '../model/files.ts';
import type { Client, FileMatch, Member } from '../model/inventory.ts';
import type { Setting } from '../model/settings.ts';
import type { Target } from '../model/target.ts';
import { once } from '../model/once.ts';
import { enumerate, nameInWords } from '../model/words.ts';
import { groupBy } from '../model/group-by.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { factPath } from './deployed-path.ts';
import { goOf, goOfClient } from './go-rules.ts';

/** What a certificate is for: serving a port, or being shown when its owner dials. */
export type Role = 'server' | 'peer' | 'self-dial' | 'peer-dial' | 'client';

/** One place where settings name a certificate and its key. */
export interface Use {
  readonly role: Role;
  /** Name of the member or client. */
  readonly owner: string;
  readonly member?: Member;
  readonly client?: Client;
  readonly certificate: NamedFile;
  readonly key?: NamedFile;
  /** The rules of the Go that reads the file. */
  readonly go: GoRelease;
}

/** A path in an owner's settings and the given file for it. */
export interface NamedFile {
  readonly path: string;
  readonly file?: FileFact;
  /** Set where no settings were given that name it and no such file was given: nothing has this path. */
  readonly unnamed?: true;
}

/** A certificate file in use, with all its users. */
export interface Credential {
  readonly target: Target;
  readonly file: FileFact;
  readonly leaf: Certificate;
  readonly uses: readonly Use[];
}

/** A file of CA certificates, with all who trust what is in it. */
export interface Bundle {
  readonly target: Target;
  readonly file: FileFact;
  readonly trustedBy: readonly Trust[];
}

export interface Trust {
  readonly owner: string;
  readonly purpose: 'clients' | 'peers' | 'servers';
  readonly member?: Member;
  readonly client?: Client;
  readonly path: string;
  /** The rules of the Go that reads the file. */
  readonly go: GoRelease;
}

export type CertificateSet = Pick<Facts, 'files' | 'members' | 'clients'>;

/** Every certificate that a member's or client's settings name. */
export const usesOf = once(({ files, members, clients }: CertificateSet): readonly Use[] => {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [
    ...members.flatMap((member) => memberUses(member, byPath)),
    ...clients.flatMap((client) => clientUses(client, members, byPath)),
  ];
});

/** The certificate files in use that hold a certificate, each once; those in these roles where some are named. */
export function credentialsOf(
  facts: CertificateSet,
  ...roles: readonly Role[]
): readonly Credential[] {
  const all = allCredentials(facts);
  if (roles.length === 0) return all;
  return all.filter(({ uses }) => uses.some(({ role }) => roles.includes(role)));
}

const allCredentials = once((facts: CertificateSet): readonly Credential[] => {
  const byPath = groupBy(usesOf(facts), ({ certificate }) => certificate.file?.path);
  return [...byPath.values()].flatMap((together) => {
    const { file } = together[0].certificate;
    const leaf = file && leafOf(file, together);
    if (file === undefined || leaf === undefined) return [];
    return [{ target: fileTarget(file, together), file, leaf, uses: together }];
  });
});

/** The certificate of the key, or the first one: a wrong order in the file is a finding of its own. */
function leafOf(file: FileFact, together: readonly Use[]): Certificate | undefined {
  const certificates = certificatesIn(file);
  const keys = together.flatMap(({ key }) => (key?.file === undefined ? [] : keysIn(key.file)));
  const own = certificates.find(({ publicKey }) =>
    keys.some(({ publicKeySha256 }) => publicKeySha256 === publicKey.sha256),
  );
  return own ?? certificates[0];
}

/** The CA files in use, each once. */
export const bundlesOf = once((facts: CertificateSet): readonly Bundle[] => {
  const files = new Map(facts.files.map((file) => [file.path, file]));
  const found = trustsOf(facts).flatMap(({ trust, matches }) => {
    const { file } = resolve(trust.path, matches, files);
    return file === undefined ? [] : [{ file, trust }];
  });
  const trusted = groupBy(
    found,
    ({ file }) => file,
    ({ trust }) => trust,
  );
  return [...trusted].map(([file, trustedBy]) => ({
    target: fileTarget(file, trustedBy),
    file,
    trustedBy,
  }));
});

/** The given file for a path in an owner's settings. */
export function fileFor(
  setting: Setting<string> | undefined,
  owner: { readonly files: readonly FileMatch[] },
  facts: Pick<Facts, 'files'>,
): FileFact | undefined {
  if (setting === undefined) return undefined;
  const files = new Map(facts.files.map((file) => [file.path, file]));
  return resolve(setting.value, owner.files, files).file;
}

/** In file order. */
export function certificatesIn(file: FileFact): readonly Certificate[] {
  return file.blocks.flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []));
}

/** In file order. */
export function keysIn(file: FileFact): readonly PrivateKey[] {
  return file.blocks.flatMap((block) => (block.kind === 'key' ? [block.key] : []));
}

const roleWords: Readonly<Record<Role, string>> = {
  server: 'server',
  peer: 'peer',
  'self-dial': 'self-dialling',
  'peer-dial': 'peer-dialling',
  client: 'client',
};

/** `server and peer certificate of node1`. */
export function describeUses(together: readonly Use[]): string {
  const owners = [...new Set(together.map(({ owner }) => owner))];
  const roles = [...new Set(together.map(({ role }) => roleWords[role]))];
  return `${enumerate(roles)} certificate of ${enumerate(owners.map(nameInWords), 4)}`;
}

/** A file as target; it belongs to a member when only that member uses it. */
export function fileTarget(
  file: FileFact,
  usedBy: readonly { readonly owner: string; readonly member?: Member }[] = [],
): Target {
  const [first] = usedBy;
  const alone = first?.member !== undefined && usedBy.every(({ owner }) => owner === first.owner);
  return {
    kind: 'file',
    name: file.path,
    location: { file: file.path },
    ...(alone && { member: first.owner }),
  };
}

function memberUses(member: Member, files: ReadonlyMap<string, FileFact>): readonly Use[] {
  const { client, peer } = member.settings;
  const named = [
    ['server', client.certFile, client.keyFile],
    ['peer', peer.certFile, peer.keyFile],
    ['self-dial', client.clientCertFile, client.clientKeyFile],
    ['peer-dial', peer.clientCertFile, peer.clientKeyFile],
  ] as const;
  return named.flatMap(([role, certificate, key]) => {
    if (certificate === undefined) return [];
    const owner = { role, owner: member.name, member, go: goOf(member) };
    return [{ ...owner, ...pair(certificate, key, member.files, files) }];
  });
}

function clientUses(
  client: Client,
  members: readonly Member[],
  files: ReadonlyMap<string, FileFact>,
): readonly Use[] {
  const { certFile, keyFile } = client;
  if (certFile === undefined || certFile.value === '') return [];
  const owner = { owner: client.name, client, go: goOfClient(client, members) };
  return [{ role: 'client', ...owner, ...pair(certFile, keyFile, client.files, files) }];
}

function pair(
  certificate: Setting<string>,
  key: Setting<string> | undefined,
  matches: readonly FileMatch[],
  files: ReadonlyMap<string, FileFact>,
): Pick<Use, 'certificate' | 'key'> {
  return {
    certificate: resolve(certificate.value, matches, files),
    ...(key !== undefined && key.value !== '' && { key: keyNamed(key, matches, files) }),
  };
}

function resolve(
  path: string,
  matches: readonly FileMatch[],
  files: ReadonlyMap<string, FileFact>,
): NamedFile {
  const file = files.get(factPath(path, matches));
  return { path, ...(file !== undefined && { file }) };
}

function keyNamed(
  { value, origin }: Setting<string>,
  matches: readonly FileMatch[],
  files: ReadonlyMap<string, FileFact>,
): NamedFile {
  const key = resolve(value, matches, files);
  const isUnnamed = key.file === undefined && origin.via === 'assumed';
  return { ...key, ...(isUnnamed && { unnamed: true }) };
}

interface TrustSetting {
  readonly trust: Trust;
  readonly matches: readonly FileMatch[];
}

function trustsOf(facts: CertificateSet): readonly TrustSetting[] {
  const members = facts.members.flatMap((member) => {
    const { client, peer } = member.settings;
    const owner = { owner: member.name, member, go: goOf(member) };
    return [
      trustIn(client.trustedCaFile, { ...owner, purpose: 'clients' }, member.files),
      trustIn(client.caFile, { ...owner, purpose: 'clients' }, member.files),
      trustIn(peer.trustedCaFile, { ...owner, purpose: 'peers' }, member.files),
      trustIn(peer.caFile, { ...owner, purpose: 'peers' }, member.files),
    ].flat();
  });
  const clients = facts.clients.flatMap((client) => {
    const owner = { owner: client.name, client, go: goOfClient(client, facts.members) };
    return trustIn(client.caFile, { ...owner, purpose: 'servers' }, client.files);
  });
  return [...members, ...clients];
}

function trustIn(
  setting: Setting<string> | undefined,
  trust: Omit<Trust, 'path'>,
  matches: readonly FileMatch[],
): readonly TrustSetting[] {
  if (setting === undefined || setting.value === '') return [];
  return [{ trust: { ...trust, path: setting.value }, matches }];
}
