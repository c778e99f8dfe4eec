import { defined } from '../../model/defined.ts';
import { wordSet } from '../../model/table.ts';
import { lettersIn } from '../../model/words.ts';
import type { Certificate } from '../../model/certificate.ts';
import type { FileFact } from '../../model/files.ts';
import { baseName, directoryOf } from './match-files.ts';
import { stemOf } from './names.ts';
import { groupBy } from '../../model/group-by.ts';

/** A certificate file whose first certificate is no CA, with the key that belongs to it. */
export interface Credential {
  readonly file: FileFact;
  /** The name of the file, or its path where other files have the same name. */
  readonly label: string;
  readonly leaf: Certificate;
  readonly key?: MatchedKey;
}

export interface MatchedKey {
  readonly path: string;
  /** `name`: no key file has this public key, or the key is encrypted; the names of the files belong together. */
  readonly by: 'public-key' | 'name';
  /** Set where the file of the key holds a certificate as well. */
  readonly isCombined?: true;
}

/** A file of CA certificates. */
export interface Authority {
  readonly file: FileFact;
  readonly label: string;
  /** The file that settings are to name, by the names of the two: the other one where those of certificate and key are swapped. */
  readonly trusted: string;
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
  const labels = labelFiles(files);
  for (const file of files) {
    const label = labels.get(file.path) ?? file.path;
    const certificates = certificatesOf(file);
    const leaf = leafOf(file, certificates) ?? hiddenLeaf(file);
    if (leaf !== undefined) credentials.push(withKey({ file, label, leaf }, keys));
    else if (certificates[0] !== undefined) {
      const { certificate } = pathsByName(withKey({ file, label, leaf: certificates[0] }, keys));
      authorities.push({ file, label, trusted: certificate, certificates });
    }
  }
  return {
    credentials,
    authorities,
    bySubject: indexAuthorities(authorities),
    byPath: new Map(
      credentials.flatMap((credential) => [
        [pathsByName(credential).certificate, credential],
        [credential.file.path, credential],
      ]),
    ),
  };
}

/** Short names for files, by path: `ca.crt` where there is one, the whole path where there are several. */
export function labelFiles(files: readonly FileFact[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const { path } of files) counts.set(baseName(path), (counts.get(baseName(path)) ?? 0) + 1);
  return new Map(
    files.map(({ path }) => [path, counts.get(baseName(path)) === 1 ? baseName(path) : path]),
  );
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

/** A certificate hidden from etcd still belongs to its owner. A CA that Go does not see is not a CA for Go. */
function hiddenLeaf({ hidden = [] }: FileFact): Certificate | undefined {
  const [first] = hidden;
  return first === undefined || isAuthority(first) ? undefined : first;
}

const authorityNames = wordSet('ca root bundle trust');

function leafOf(file: FileFact, certificates: readonly Certificate[]): Certificate | undefined {
  const [first] = certificates;
  if (first === undefined || !isAuthority(first)) return first;
  if (lettersIn(file.path).some((word) => authorityNames.has(word))) return undefined;
  return certificates.find((certificate) => !isAuthority(certificate));
}

/** Where keys are: the first place of each, by public key and ever less of the path, and by name alone. */
interface KeyIndex {
  readonly byPublicKey: ReadonlyMap<string, string>;
  readonly byName: ReadonlyMap<string, NamedKey>;
  /** Files that hold a key and a certificate. */
  readonly combined: ReadonlySet<string>;
}

/** A file that is called a key, with the public key of the one in it where that is known. */
interface NamedKey {
  readonly path: string;
  readonly sha256?: string;
}

function indexKeys(files: readonly FileFact[]): KeyIndex {
  const byPublicKey = new Map<string, string>();
  const byName = new Map<string, NamedKey>();
  for (const { path, blocks } of files) {
    const key = blocks.find((block) => block.kind === 'key')?.key;
    const sha256 = key?.publicKeySha256;
    for (const place of sha256 === undefined ? [] : placesOf(sha256, path)) {
      if (!byPublicKey.has(place)) byPublicKey.set(place, path);
    }
    const mayBeKey = key !== undefined || baseName(path).toLowerCase().includes('key');
    const stem = stemOf(path);
    if (mayBeKey && !byName.has(stem)) byName.set(stem, { path, ...defined({ sha256 }) });
  }
  return { byPublicKey, byName, combined: combinedIn(files) };
}

function combinedIn(files: readonly FileFact[]): ReadonlySet<string> {
  const both = files.filter(({ blocks }) =>
    (['key', 'certificate'] as const).every((kind) => blocks.some((block) => block.kind === kind)),
  );
  return new Set(both.map(({ path }) => path));
}

/** The same key may be in many places: the nearest to a certificate is the one with most of its path. */
function placesOf(fingerprint: string, path: string): readonly string[] {
  return [path, stemOf(path), directoryOf(path), ''].map((part) => `${fingerprint} ${part}`);
}

function indexAuthorities(
  authorities: readonly Authority[],
): ReadonlyMap<string, readonly Authority[]> {
  const named = authorities.flatMap((authority) => {
    const subjects = new Set(authority.certificates.map(({ subject }) => subject.raw));
    return [...subjects].map((subject) => ({ subject, authority }));
  });
  return groupBy(
    named,
    ({ subject }) => subject,
    ({ authority }) => authority,
  );
}

/** `n1-key.pem` is what goes with `n1.pem`, whatever other file holds the key of the certificate. */
function withKey(
  credential: Omit<Credential, 'key'>,
  { byPublicKey, byName, combined }: KeyIndex,
): Credential {
  const { file, leaf } = credential;
  const places = placesOf(leaf.publicKey.sha256, file.path);
  const [alike, elsewhere] = [places.slice(0, 2), places.slice(2)].map((some) =>
    some.map((place) => byPublicKey.get(place)).find((path) => path !== undefined),
  );
  const named = byName.get(stemOf(file.path));
  const path = alike ?? (named?.sha256 === undefined ? elsewhere : undefined);
  if (path !== undefined) {
    const isCombined = combined.has(path) && ({ isCombined: true } as const);
    return { ...credential, key: { path, by: 'public-key', ...isCombined } };
  }
  if (named === undefined || named.path === file.path) return credential;
  return { ...credential, key: { path: named.path, by: 'name' } };
}

/** The two files of a pair as their names say which is which, where one says so and the other does not say the same. */
export function pathsByName({ file, key }: Credential): {
  readonly certificate: string;
  readonly key?: string;
} {
  if (key === undefined) return { certificate: file.path };
  const isSwapped =
    (isCalledKey(file.path) && !isCalledKey(key.path)) ||
    (key.isCombined !== true && isCalledCertificate(key.path) && !isCalledCertificate(file.path));
  return isSwapped
    ? { certificate: key.path, key: file.path }
    : { certificate: file.path, key: key.path };
}

const certificateWords = wordSet('cert certs certificate crt cer');

function isCalledKey(path: string): boolean {
  const words = lettersIn(baseName(path));
  return words.includes('key') && !words.some((word) => certificateWords.has(word));
}

function isCalledCertificate(path: string): boolean {
  const words = lettersIn(baseName(path));
  return words.some((word) => certificateWords.has(word)) && !words.includes('key');
}
