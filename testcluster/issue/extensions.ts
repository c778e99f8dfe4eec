import { createHash } from 'node:crypto';
import type * as X509 from '@peculiar/x509';
import type { ConstraintSet } from '../../src/model/certificate.ts';
import { encode, tags } from './der.ts';
import { ipOctets, ipRangeOctets } from './ip.ts';
import { table } from '../../src/model/table.ts';

/** What a certificate may have in addition to names, dates and key. Absent means the extension is absent. */
export interface ExtensionOptions {
  readonly basicConstraints?: { readonly isCa: boolean; readonly pathLength?: number };
  readonly keyUsages?: readonly KeyUsageName[];
  readonly extendedKeyUsages?: readonly ExtendedKeyUsageName[];
  /** IP addresses become IP names, everything else DNS names. */
  readonly hosts?: readonly string[];
  /** DNS names whatever they look like: `10.0.0.1` as a DNS name is a common mistake. */
  readonly dnsNames?: readonly string[];
  readonly uris?: readonly string[];
  readonly emailAddresses?: readonly string[];
  readonly nameConstraints?: NameConstraintOptions;
  readonly crlDistributionPoints?: readonly string[];
  readonly extraExtensions?: readonly ExtraExtension[];
}

export interface NameConstraintOptions {
  readonly permitted?: Partial<ConstraintSet>;
  readonly excluded?: Partial<ConstraintSet>;
  readonly critical?: boolean;
}

/** An extension that this program knows nothing about. */
export interface ExtraExtension {
  /** Dotted OID. */
  readonly oid: string;
  readonly critical: boolean;
  /** DER; NULL when absent. */
  readonly value?: Uint8Array;
}

export type KeyUsageName = 'digitalSignature' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';

/** A name or a dotted OID. */
export type ExtendedKeyUsageName =
  | 'serverAuth'
  | 'clientAuth'
  | 'codeSigning'
  | 'anyExtendedKeyUsage'
  | `${number}.${string}`;

const extendedKeyUsageOids = table<string>({
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  anyExtendedKeyUsage: '2.5.29.37.0',
});

/** The extensions in the order in which OpenSSL's own configuration has them. */
export function buildExtensions(
  library: typeof X509,
  options: ExtensionOptions,
): readonly X509.Extension[] {
  return [
    ...constraints(library, options),
    ...usages(library, options),
    ...subjectAltName(library, options),
    ...(options.nameConstraints === undefined
      ? []
      : [nameConstraints(library, options.nameConstraints)]),
    ...(options.crlDistributionPoints === undefined
      ? []
      : [new library.CRLDistributionPointsExtension([...options.crlDistributionPoints])]),
    ...(options.extraExtensions ?? []).map(
      ({ oid, critical, value }) =>
        new library.Extension(oid, critical, bytes(value ?? encode(tags.null))),
    ),
  ];
}

function constraints(library: typeof X509, options: ExtensionOptions): readonly X509.Extension[] {
  if (options.basicConstraints === undefined) {
    return [];
  }
  const { isCa, pathLength } = options.basicConstraints;
  return [new library.BasicConstraintsExtension(isCa, pathLength, true)];
}

function usages(library: typeof X509, options: ExtensionOptions): readonly X509.Extension[] {
  const { keyUsages = [], extendedKeyUsages = [] } = options;
  const oids = extendedKeyUsages.map((name) => extendedKeyUsageOids[name] ?? name);
  return [
    ...(keyUsages.length > 0 ? [keyUsageExtension(library, keyUsages)] : []),
    ...(oids.length > 0 ? [new library.ExtendedKeyUsageExtension(oids)] : []),
  ];
}

const keyUsageOid = '2.5.29.15';

/** The bits of RFC 5280 section 4.2.1.3, the first being the highest of the octet. */
const keyUsageBits: Readonly<Record<KeyUsageName, number>> = {
  digitalSignature: 0x80,
  keyEncipherment: 0x20,
  keyCertSign: 0x04,
  cRLSign: 0x02,
};

function keyUsageExtension(library: typeof X509, names: readonly KeyUsageName[]): X509.Extension {
  const octet = names.reduce((all, name) => all | keyUsageBits[name], 0);
  // DER wants trailing zero bits left out, and their number said
  const unused = 31 - Math.clz32(octet & -octet);
  const value = encode(tags.bitString, Uint8Array.of(unused, octet));
  return new library.Extension(keyUsageOid, true, bytes(value));
}

const subjectAltNameOid = '2.5.29.17';

/** Tags of the choices of GeneralName, RFC 5280 section 4.2.1.6. */
const generalName = { email: 0x81, dns: 0x82, uri: 0x86, ip: 0x87 } as const;

function subjectAltName(
  library: typeof X509,
  options: ExtensionOptions,
): readonly X509.Extension[] {
  const { hosts = [], dnsNames = [], uris = [], emailAddresses = [] } = options;
  const names = [
    ...hosts.map((host) => {
      const octets = ipOctets(host);
      return octets === undefined ? text(generalName.dns, host) : encode(generalName.ip, octets);
    }),
    ...dnsNames.map((name) => text(generalName.dns, name)),
    ...uris.map((uri) => text(generalName.uri, uri)),
    ...emailAddresses.map((address) => text(generalName.email, address)),
  ];
  return names.length === 0
    ? []
    : [new library.Extension(subjectAltNameOid, false, bytes(encode(tags.sequence, ...names)))];
}

const nameConstraintsOid = '2.5.29.30';

function nameConstraints(library: typeof X509, options: NameConstraintOptions): X509.Extension {
  const { permitted, excluded, critical = true } = options;
  const subtrees = [
    ...(permitted === undefined ? [] : [encode(0xa0, ...constraintSet(permitted))]),
    ...(excluded === undefined ? [] : [encode(0xa1, ...constraintSet(excluded))]),
  ];
  const value = bytes(encode(tags.sequence, ...subtrees));
  return new library.Extension(nameConstraintsOid, critical, value);
}

function constraintSet(set: Partial<ConstraintSet>): readonly Uint8Array[] {
  const { dnsNames = [], ipRanges = [], uris = [], emailAddresses = [] } = set;
  return [
    ...dnsNames.map((name) => text(generalName.dns, name)),
    ...ipRanges.map((range) => encode(generalName.ip, ipRangeOctets(range))),
    ...uris.map((uri) => text(generalName.uri, uri)),
    ...emailAddresses.map((address) => text(generalName.email, address)),
  ].map((base) => encode(tags.sequence, base));
}

function text(tag: number, value: string): Uint8Array {
  return encode(tag, Buffer.from(value));
}

/** The library takes buffers of their own alone, not views of Node's pool. */
function bytes(der: Uint8Array): ArrayBuffer {
  return Uint8Array.from(der).buffer;
}

/** A key identifier by the first method of RFC 7093: any unique value would do. */
export function keyIdentifier(publicKeyInfo: Uint8Array): string {
  return createHash('sha256').update(publicKeyInfo).digest('hex').slice(0, 40);
}
