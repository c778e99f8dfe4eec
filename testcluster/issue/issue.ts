import { randomBytes } from 'node:crypto';
import type * as X509 from '@peculiar/x509';
import { toPem } from './der.ts';
import { buildExtensions, type ExtensionOptions, keyIdentifier } from './extensions.ts';
import type { ExtendedKeyUsageName, KeyUsageName } from './extensions.ts';
import { type HashName, isRsa, type KeyKind, newPrivateKey } from './keys.ts';
import { publicKeyInfo, signingKey } from './keys.ts';
import { type RevocationOptions, revoke } from './revocation.ts';
import { rewriteCertificate } from './rewrite.ts';

export type { KeyKind } from './keys.ts';

/** A certificate and its key, in memory alone. */
export interface Issued {
  readonly certificatePem: string;
  /** PKCS#8, unencrypted. */
  readonly privateKeyPem: string;
}

/** A certificate that signs others, with its key. */
export interface Authority extends Issued {
  issue(leaf: LeafOptions): Promise<Issued>;
  /** A list of revoked serial numbers (hex): text as PEM, bytes as DER. */
  revoke(serials: readonly string[], options?: RevocationOptions): Promise<string | Uint8Array>;
}

interface CommonOptions extends Omit<ExtensionOptions, 'basicConstraints' | 'extendedKeyUsages'> {
  readonly commonName?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  /** ECDSA on P-256 when absent. */
  readonly key?: KeyKind;
  /** Takes over the key of another certificate, as a renewal or a cross-signed authority does. */
  readonly keyOf?: Pick<Issued, 'privateKeyPem'>;
  /** An hour ago when absent. */
  readonly validFrom?: Date;
  /** A year after `validFrom` when absent. */
  readonly validTo?: Date;
  /** Hex; random when absent. */
  readonly serialNumber?: string;
  /** The octets of the serial number as they are, for numbers that RFC 5280 forbids: `80` is -128. */
  readonly serialOctets?: string;
  /** What the issuer signs with; SHA-256 when absent. Ed25519 has no choice. */
  readonly hash?: HashName;
  /** Makes it a certificate of X.509 version 1, which has no extensions. */
  readonly versionOne?: boolean;
  /** Leaves out both key identifiers. */
  readonly withoutKeyIdentifiers?: boolean;
}

/** Everything is as a sound deployment wants it where nothing is said. */
export interface LeafOptions extends CommonOptions {
  /** Absent means no such extension, which allows every usage. */
  readonly usages?: readonly ExtendedKeyUsageName[];
  /** A leaf that says it is an authority. */
  readonly isCa?: boolean;
}

export interface AuthorityOptions extends CommonOptions {
  readonly commonName: string;
  readonly pathLength?: number;
  /** False makes an issuer that must not be one. */
  readonly isCa?: boolean;
  readonly extendedKeyUsages?: readonly ExtendedKeyUsageName[];
  /** Absent means that it signs itself. */
  readonly issuedBy?: Issued;
}

/** Makes an authority, which issues everything else. */
export async function issueAuthority(options: AuthorityOptions): Promise<Authority> {
  const { isCa = true, pathLength } = options;
  const constraints = { isCa, ...(pathLength === undefined ? {} : { pathLength }) };
  const keyUsages: readonly KeyUsageName[] = ['keyCertSign', 'cRLSign'];
  const issued = await certify(options, options.issuedBy, {
    keyUsages,
    ...options,
    basicConstraints: constraints,
  });
  return authorityOf(issued);
}

/** Makes a certificate that its own key signed: what `openssl req -x509` leaves behind. */
export async function issueSelfSigned(leaf: LeafOptions): Promise<Issued> {
  return certify(leaf, undefined, leafExtensions(leaf));
}

function authorityOf(issued: Issued): Authority {
  return {
    ...issued,
    issue: (leaf) => certify(leaf, issued, leafExtensions(leaf)),
    revoke: (serials, options) => revoke(issued, serials, options),
  };
}

function leafExtensions(leaf: LeafOptions): ExtensionOptions {
  const { usages, isCa } = leaf;
  return {
    ...leaf,
    ...(usages === undefined ? {} : { extendedKeyUsages: usages }),
    ...(isCa === undefined ? {} : { basicConstraints: { isCa } }),
  };
}

async function certify(
  options: CommonOptions,
  issuer: Issued | undefined,
  extensions: ExtensionOptions,
): Promise<Issued> {
  const library = await x509();
  const privateKeyPem =
    options.keyOf?.privateKeyPem ?? (await newPrivateKey(options.key ?? 'ec-p256'));
  const signerPem = issuer?.privateKeyPem ?? privateKeyPem;
  const { hash = 'SHA-256' } = options;
  const subject = distinguishedName(library, options);
  const issuerName =
    issuer === undefined ? subject : new library.X509Certificate(issuer.certificatePem).subjectName;

  const certificate = await library.X509CertificateGenerator.create({
    subject,
    issuer: issuerName,
    ...validity(options),
    serialNumber: options.serialNumber ?? randomSerial(),
    publicKey: Uint8Array.from(publicKeyInfo(privateKeyPem)),
    signingKey: await signingKey(signerPem, hash),
    signingAlgorithm: { name: 'ECDSA', hash },
    extensions: [
      ...buildExtensions(library, { keyUsages: leafKeyUsages(privateKeyPem), ...extensions }),
      ...identifiers(library, options, privateKeyPem, signerPem),
    ],
  });
  const der = rewritten(new Uint8Array(certificate.rawData), options, {
    privateKeyPem: signerPem,
    hash,
  });
  return { certificatePem: toPem('CERTIFICATE', der), privateKeyPem };
}

function rewritten(
  der: Uint8Array,
  options: CommonOptions,
  signer: Parameters<typeof rewriteCertificate>[2],
): Uint8Array {
  const asIs = options.versionOne !== true && options.serialOctets === undefined;
  return asIs ? der : rewriteCertificate(der, options, signer);
}

function validity({ validFrom, validTo }: CommonOptions): { notBefore: Date; notAfter: Date } {
  const hour = 3_600_000;
  const notBefore = validFrom ?? new Date(Date.now() - hour);
  return { notBefore, notAfter: validTo ?? new Date(notBefore.getTime() + 365 * 24 * hour) };
}

function distinguishedName(library: typeof X509, options: CommonOptions): X509.Name {
  const { organization, organizationalUnit, commonName } = options;
  return new library.Name([
    ...(organization === undefined ? [] : [{ O: [organization] }]),
    ...(organizationalUnit === undefined ? [] : [{ OU: [organizationalUnit] }]),
    ...(commonName === undefined ? [] : [{ CN: [commonName] }]),
  ]);
}

function identifiers(
  library: typeof X509,
  options: CommonOptions,
  privateKeyPem: string,
  signerPem: string,
): readonly X509.Extension[] {
  if (options.withoutKeyIdentifiers === true) {
    return [];
  }
  const own = keyIdentifier(publicKeyInfo(privateKeyPem));
  const signer = keyIdentifier(publicKeyInfo(signerPem));
  return [
    new library.SubjectKeyIdentifierExtension(own),
    new library.AuthorityKeyIdentifierExtension(signer),
  ];
}

function leafKeyUsages(privateKeyPem: string): readonly KeyUsageName[] {
  return isRsa(privateKeyPem) ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
}

/** 16 octets, the first of which keeps the number positive and of that length. */
function randomSerial(): string {
  return `5${randomBytes(16).toString('hex').slice(1)}`;
}

/** Importing the library takes about 120 ms, so it happens when something is issued. */
async function x509(): Promise<typeof X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}
