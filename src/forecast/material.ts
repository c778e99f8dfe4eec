import type { EffectiveTls } from '../etcd/effective-tls.ts';
import type { Certificate } from '../model/certificate.ts';
import type { Block, FileFact, Unreadable } from '../model/files.ts';
import type { Blame } from '../model/forecast.ts';
import type { FileMatch } from '../model/inventory.ts';
import { getOrMake } from '../model/get-or-make.ts';
import type { Setting } from '../model/settings.ts';
import { asCertificate, type CaPool, loadCaPool } from '../pki/load-ca-pool.ts';
import {
  type KeyPair,
  loadCertificateAlone,
  type LoadFault,
  loadKeyPair,
} from '../pki/load-key-pair.ts';
import { isParseFault } from '../pki/malformed.ts';
import type { GoRelease } from '../pki/go-release.ts';
import { blameSetting, type Refusal } from './judgement.ts';
import { rules } from './rules.ts';
import { factPath, matchOf } from '../deployment/deployed-path.ts';

/** The files given, by path as typed, with what each release of Go loads from them. */
export interface FileIndex {
  readonly byPath: ReadonlyMap<string, FileFact>;
  /** `loadCaPool`, once for each file and release. */
  readonly caPool: (file: FileFact, go: GoRelease) => CaPool;
  /** `loadKeyPair`, once for each pair and release. */
  readonly keyPair: (certificate: FileFact, key: FileFact, go: GoRelease) => KeyPair;
}

export function indexFiles(files: readonly FileFact[]): FileIndex {
  const pools = new Map<FileFact, Map<string, CaPool>>();
  const pairs = new Map<FileFact, Map<FileFact, Map<string, KeyPair>>>();
  const lists = new Map<string, CaPool>();
  /** Members have copies of one CA file: what is worked out by its certificates is worked out once. */
  const shared = (pool: CaPool): CaPool =>
    pool.ok
      ? getOrMake(lists, pool.certificates.map(({ sha256 }) => sha256).join(' '), () => pool)
      : pool;
  return {
    byPath: new Map(files.map((file) => [file.path, file])),
    caPool(file, go) {
      const byRelease = getOrMake(pools, file, () => new Map<string, CaPool>());
      return getOrMake(byRelease, go.text, () => shared(loadCaPool(file, go)));
    },
    keyPair(certificate, key, go) {
      const byKey = getOrMake(pairs, certificate, () => new Map<FileFact, Map<string, KeyPair>>());
      const byRelease = getOrMake(byKey, key, () => new Map<string, KeyPair>());
      return getOrMake(byRelease, go.text, () => loadKeyPair(certificate, key, go));
    },
  };
}

/** What a process shows of itself in a handshake. */
export type Credential =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'files';
      /** Leaf first; without what its owner's Go cannot parse. */
      readonly chain: readonly [Certificate, ...Certificate[]];
      /** The blocks as they go onto the wire; the receiver parses each. */
      readonly sent: readonly Block[];
      /** The certificate file among those given. */
      readonly file: string;
    }
  /** Made by etcd itself for `--auto-tls`: self-signed, for the hosts of the listen URLs, serverAuth only. */
  | { readonly kind: 'generated'; readonly hosts: readonly string[] }
  /** Issued by a CA that no process of the deployment trusts. */
  | { readonly kind: 'foreign' }
  /** The process cannot load it, and says why. */
  | {
      readonly kind: 'broken';
      readonly refusal: Refusal;
      /** Where the key alone is at fault: what is shown once it is corrected. */
      readonly corrected?: Shown;
    }
  /** Deployed files that were not among those given. */
  | { readonly kind: 'not-given'; readonly files: readonly string[] };

type Shown = Extract<Credential, { readonly kind: 'files' }>;

/** What a process trusts. */
export type Anchors =
  | { readonly kind: 'pool'; readonly certificates: readonly Certificate[]; readonly file: string }
  | { readonly kind: 'system' }
  | { readonly kind: 'broken'; readonly refusal: Refusal }
  | { readonly kind: 'not-given'; readonly files: readonly string[] };

/** How one process's paths lead to the files given. */
export interface FileAccess {
  readonly matches: readonly FileMatch[];
  readonly files: FileIndex;
  readonly go: GoRelease;
}

/** Loads a pair as etcd's baseConfig and Go's tls.X509KeyPair do. */
export function loadCredential(
  certificate: Setting<string> | undefined,
  key: Setting<string> | undefined,
  access: FileAccess,
): Credential {
  if (certificate === undefined && key === undefined) return { kind: 'none' };
  if (certificate === undefined || key === undefined) {
    return halfPair(certificate, key, access);
  }

  const certificateFile = deployedFile(certificate.value, access);
  const keyFile = deployedFile(key.value, access);
  if (certificateFile === undefined) return { kind: 'not-given', files: [certificate.value] };
  // Certificates are often audited where their keys are not, by design: the pair is then taken to match.
  if (keyFile === undefined) return withoutKey(certificateFile, certificate, access);

  const loaded = access.files.keyPair(certificateFile, keyFile, access.go);
  if (loaded.ok) return shown(loaded, certificateFile.path, access.go);
  return broken(loaded.error, { certificate, key, certificateFile, keyFile }, access);
}

/** What a client presents that has the certificate and, from wherever, a key to it. */
export function loadCertificate(
  certificate: Setting<string> | undefined,
  access: FileAccess,
): Credential {
  if (certificate === undefined) return { kind: 'none' };

  const file = deployedFile(certificate.value, access);
  return file === undefined
    ? { kind: 'not-given', files: [certificate.value] }
    : withoutKey(file, certificate, access);
}

function halfPair(
  certificate: Setting<string> | undefined,
  key: Setting<string> | undefined,
  access: FileAccess,
): Credential {
  const text = `KeyFile and CertFile must both be present[key: ${key?.value ?? ''}, cert: ${certificate?.value ?? ''}]`;
  const missing = certificate === undefined ? 'certificate' : 'key';
  return {
    kind: 'broken',
    refusal: {
      rule: 'etcd.half-pair',
      text,
      blame: blameSetting(certificate ?? key, (certificate ?? key)?.value),
      remedy: rules['etcd.half-pair'].remedy({ missing }),
    },
    ...corrected(certificate, access),
  };
}

/** The certificate, where it can be loaded. */
function corrected(
  certificate: Setting<string> | undefined,
  access: FileAccess,
): { readonly corrected?: Shown } {
  const file = certificate && deployedFile(certificate.value, access);
  const loaded = file && loadCertificateAlone(file, access.go);
  if (file === undefined || loaded?.ok !== true) return {};
  return { corrected: shown(loaded, file.path, access.go) };
}

function withoutKey(file: FileFact, setting: Setting<string>, access: FileAccess): Credential {
  const loaded = loadCertificateAlone(file, access.go);
  if (loaded.ok) return shown(loaded, file.path, access.go);
  const pair = { certificate: setting, key: setting, certificateFile: file, keyFile: file };
  return broken(loaded.error, pair, access);
}

function shown(
  { leaf, sent }: Extract<KeyPair, { readonly ok: true }>,
  file: string,
  go: GoRelease,
): Shown {
  const rest = sent.slice(1).map((block) => asCertificate(block, go));
  const readable = rest.flatMap((outcome) => (isParseFault(outcome) ? [] : [outcome]));
  return { kind: 'files', chain: [leaf, ...readable], sent, file };
}

interface Pair {
  readonly certificate: Setting<string>;
  readonly key: Setting<string>;
  readonly certificateFile: FileFact;
  readonly keyFile: FileFact;
}

function broken(
  { kind: rule, text, file: which }: LoadFault,
  pair: Pair,
  access: FileAccess,
): Credential {
  const keyAtFault = which === 'key';
  const file = keyAtFault ? pair.keyFile.path : pair.certificateFile.path;
  const blame: Blame = {
    ...blameSetting(keyAtFault ? pair.key : pair.certificate, file),
    ...subjectOf(keyAtFault ? undefined : pair.certificateFile),
  };
  const { remedy } = rules[rule];
  const refusal: Refusal = { rule, text, blame, remedy: remedy({ file }) };
  const setting = keyAtFault ? pair.key : pair.certificate;
  // A key of another certificate may be the right one.
  const isCertificateRight = keyAtFault && !rule.startsWith('tls.key-of-another');
  return {
    kind: 'broken',
    refusal: behindBarrier(refusal, setting.value, access),
    ...(isCertificateRight && corrected(pair.certificate, access)),
  };
}

function subjectOf(file: FileFact | undefined): Blame {
  const block = file?.blocks.find(({ kind }) => kind === 'certificate');
  if (block?.kind !== 'certificate') return {};
  const { subject, serialNumber, sha256 } = block.certificate;
  return { subject: subject.text, serialNumber, sha256 };
}

/**
 * Loads a CA file as etcd's NewCertPool does, or falls back on the operating system's roots: on what
 * SSL_CERT_FILE names, where it is set and given.
 */
export function loadAnchors(
  setting: Setting<string> | undefined,
  access: FileAccess,
  systemFile?: Setting<string>,
): Anchors {
  if (setting === undefined) return systemAnchors(systemFile, access);

  const file = deployedFile(setting.value, access);
  if (file === undefined) return { kind: 'not-given', files: [setting.value] };

  const loaded = access.files.caPool(file, access.go);
  if (loaded.ok) return { kind: 'pool', certificates: loaded.certificates, file: file.path };

  const { kind, text } = loaded.error;
  const rule = kind === 'x509.unparsable' ? 'etcd.ca-file-unparsable' : kind;
  const { remedy } = rules[rule];
  const refusal: Refusal = {
    rule,
    text,
    blame: blameSetting(setting, file.path),
    remedy: remedy({ file: file.path }),
  };
  return { kind: 'broken', refusal: behindBarrier(refusal, setting.value, access) };
}

/** The same for a listener and for who dials with its settings. */
export function loadTrust(
  { trustedCaFile, caFile }: Pick<EffectiveTls, 'trustedCaFile' | 'caFile'>,
  access: FileAccess,
  systemFile?: Setting<string>,
): Anchors {
  const anchors = loadAnchors(trustedCaFile, access, systemFile);
  if (caFile === undefined || anchors.kind !== 'pool') return anchors;
  const others = loadAnchors(caFile, access);
  return others.kind === 'pool'
    ? { ...anchors, certificates: [...anchors.certificates, ...others.certificates] }
    : others;
}

function systemAnchors(systemFile: Setting<string> | undefined, access: FileAccess): Anchors {
  const file = systemFile && deployedFile(systemFile.value, access);
  if (file === undefined) return { kind: 'system' };

  // Unlike etcd's own CA files this one is read by AppendCertsFromPEM, which passes over what it cannot use.
  const certificates = file.blocks.flatMap((block) =>
    block.kind === 'certificate' && block.type === 'CERTIFICATE' ? [block.certificate] : [],
  );
  return { kind: 'pool', certificates, file: file.path };
}

/** The given file for a deployed path, unless its content is unknown. */
export function deployedFile(
  deployed: string,
  { matches, files }: FileAccess,
): FileFact | undefined {
  const match = matchOf(deployed, matches);
  if (match?.barrier !== undefined)
    return closed(deployed, match.barrier.error === 'permission denied' ? denied : missing);
  if (match?.missing === true) return closed(deployed, insteadOf[match.instead ?? 'missing']);

  const file = files.byPath.get(factPath(deployed, matches));
  if (file?.unreadable === undefined) return file;
  // What this user may not read, etcd's user perhaps may: that leaves the content unknown.
  return holdsForEveryone.has(file.unreadable.kind) ? { ...file, path: deployed } : undefined;
}

const holdsForEveryone: ReadonlySet<Unreadable['kind']> = new Set([
  'missing',
  'link-loop',
  'not-a-directory',
  'directory',
]);

const missing: Unreadable = { kind: 'missing', text: 'no such file or directory' };
const insteadOf: Readonly<Record<NonNullable<FileMatch['instead']> | 'missing', Unreadable>> = {
  missing,
  directory: { kind: 'directory', text: 'is a directory' },
  'not-a-directory': { kind: 'not-a-directory', text: 'not a directory' },
};

const denied: Unreadable = { kind: 'denied', text: 'permission denied' };

function closed(path: string, unreadable: Unreadable): FileFact {
  return { path, size: 0, unreadable, blocks: [], traps: [] };
}

/** What keeps a process from a file is reported where it is set, and is undone there. */
function behindBarrier(refusal: Refusal, deployed: string, { matches }: FileAccess): Refusal {
  const barrier = matchOf(deployed, matches)?.barrier;
  if (barrier === undefined) return refusal;
  const { location, remedy } = barrier;
  return { ...refusal, blame: { ...refusal.blame, ...(location && { location }) }, remedy };
}

/** The given file of the certificate that is shown. */
export function credentialFile(credential: Credential): string | undefined {
  switch (credential.kind) {
    case 'files':
      return credential.file;
    case 'not-given':
      return credential.files[0];
    case 'none':
    case 'foreign':
    case 'generated':
    case 'broken':
      return undefined;
  }
}

/** A sound certificate of a CA that is trusted nowhere here. */
export const foreignCredential: Credential = { kind: 'foreign' };
