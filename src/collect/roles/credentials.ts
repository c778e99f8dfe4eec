import type { Certificate } from '../../model/certificate.ts';
import type { FileFact } from '../../model/files.ts';
import { directoryOf } from './match-files.ts';
import { stemOf } from './names.ts';

/** A certificate file whose first certificate is no CA, with the key that belongs to it. */
export interface Credential {
  readonly file: FileFact;
  readonly leaf: Certificate;
  readonly key?: MatchedKey;
}

export interface MatchedKey {
  readonly path: string;
  /** `name`: no key file has this public key, or the key is encrypted; the names of the files belong together. */
  readonly by: 'public-key' | 'name';
}

/** A file of CA certificates. */
export interface Authority {
  readonly file: FileFact;
  readonly certificates: readonly Certificate[];
}

/** All files by what is in them. */
export interface CertificateSet {
  readonly credentials: readonly Credential[];
  readonly authorities: readonly Authority[];
  /** CA files by the DER of the subjects in them, in hex. */
  readonly bySubject: ReadonlyMap<string, readonly Authority[]>;
  readonly byPath: ReadonlyMap<string, Credential>;
}

/** Sorts files by content, and finds the key of each certificate. Linear in the number of files. */
export function sortFiles(files: readonly FileFact[]): CertificateSet {
  const keys = indexKeys(files);
  const credentials: Credential[] = [];
  const authorities: Authority[] = [];
  for (const file of files) {
    const certificates = certificatesOf(file);
    const leaf = leafOf(file, certificates);
    if (leaf !== undefined) credentials.push(withKey({ file, leaf }, keys));
    else if (certificates.length > 0) authorities.push({ file, certificates });
  }
  return {
    credentials,
    authorities,
    bySubject: indexAuthorities(authorities),
    byPath: new Map(credentials.map((credential) => [credential.file.path, credential])),
  };
}

/** The CA files that may have issued a certificate: by key id where it has one, else by name. */
export function issuersOf(
  { issuer, authorityKeyId }: Certificate,
  { bySubject }: Pick<CertificateSet, 'bySubject'>,
): readonly Authority[] {
  const named = bySubject.get(issuer.raw) ?? [];
  const exact = named.filter(({ certificates }) =>
    certificates.some(
      ({ subject, subjectKeyId }) =>
        subject.raw === issuer.raw && subjectKeyId !== undefined && subjectKeyId === authorityKeyId,
    ),
  );
  return exact.length > 0 ? exact : named;
}

function certificatesOf({ blocks }: FileFact): readonly Certificate[] {
  return blocks.flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []));
}

function isAuthority({ basicConstraints, extendedKeyUsage, ...rest }: Certificate): boolean {
  // What etcd makes for itself by --auto-tls is a CA too, and serves.
  const serves =
    extendedKeyUsage?.includes('serverAuth') === true && rest.subjectAltName !== undefined;
  if (basicConstraints !== undefined) return basicConstraints.isCa && !serves;
  // Version 1 has no extensions to say so: Go takes such a certificate as a root.
  return rest.version < 3 && rest.subject.raw === rest.issuer.raw;
}

function leafOf(file: FileFact, certificates: readonly Certificate[]): Certificate | undefined {
  const [first] = certificates;
  if (first === undefined || !isAuthority(first)) return first;
  if (/(?:^|[^a-z])(?:ca|root|bundle|trust)(?:[^a-z]|$)/i.test(file.path)) return undefined;
  return certificates.find((certificate) => !isAuthority(certificate));
}

interface KeyIndex {
  readonly byPublicKey: ReadonlyMap<string, readonly string[]>;
  readonly byStem: ReadonlyMap<string, readonly string[]>;
}

function indexKeys(files: readonly FileFact[]): KeyIndex {
  const byPublicKey = new Map<string, string[]>();
  const byStem = new Map<string, string[]>();
  for (const file of files) {
    const key = file.blocks.find((block) => block.kind === 'key')?.key;
    const looksLikeKey = key !== undefined || /key/i.test(stemless(file.path));
    if (key?.publicKeySha256 !== undefined) add(byPublicKey, key.publicKeySha256, file.path);
    if (looksLikeKey) add(byStem, stemOf(file.path), file.path);
  }
  return { byPublicKey, byStem };
}

function stemless(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function indexAuthorities(
  authorities: readonly Authority[],
): ReadonlyMap<string, readonly Authority[]> {
  const bySubject = new Map<string, Authority[]>();
  for (const authority of authorities) {
    const subjects = new Set(authority.certificates.map(({ subject }) => subject.raw));
    for (const subject of subjects) add(bySubject, subject, authority);
  }
  return bySubject;
}

function add<Value>(index: Map<string, Value[]>, key: string, value: Value): void {
  const values = index.get(key);
  if (values === undefined) index.set(key, [value]);
  else values.push(value);
}

function withKey(credential: Omit<Credential, 'key'>, keys: KeyIndex): Credential {
  const { file, leaf } = credential;
  const own = nearest(keys.byPublicKey.get(leaf.publicKey.sha256) ?? [], file.path);
  if (own !== undefined) return { ...credential, key: { path: own, by: 'public-key' } };
  const named = (keys.byStem.get(stemOf(file.path)) ?? []).find((path) => path !== file.path);
  return named === undefined ? credential : { ...credential, key: { path: named, by: 'name' } };
}

/** The same key may lie in many places: the one with the certificate, then the one beside it, then any. */
function nearest(paths: readonly string[], certificate: string): string | undefined {
  const directory = directoryOf(certificate);
  const beside = paths.filter((path) => directoryOf(path) === directory);
  const stem = stemOf(certificate);
  return (
    paths.find((path) => path === certificate) ??
    beside.find((path) => stemOf(path) === stem) ??
    beside[0] ??
    paths[0]
  );
}
