/** A parsed X.509 certificate as plain data. Dates are ISO 8601 UTC, bytes are hex unless said. */
export interface Certificate {
  /** The certificate itself, DER in base64. Everything else here is read from it. */
  readonly der: string;
  /** SHA-256 of the DER, lower-case hex: its identity everywhere in this program. */
  readonly sha256: string;
  readonly version: number;
  /** Lower-case hex as encoded, without leading zeros; `-` in front when negative. */
  readonly serialNumber: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly publicKey: PublicKey;
  /** In Go's words: `SHA256-RSA`, `ECDSA-SHA256`, `Ed25519`; the dotted OID when Go has no name for it. */
  readonly signatureAlgorithm: string;
  readonly basicConstraints?: { readonly isCa: boolean; readonly maxPathLength?: number };
  /** Absent when the extension is absent, which allows every usage. */
  readonly keyUsage?: readonly string[];
  /** Names such as `serverAuth`, dotted OIDs where there is none. Absent when the extension is. */
  readonly extendedKeyUsage?: readonly string[];
  /** Absent when the extension is. */
  readonly subjectAltName?: SubjectAltName;
  readonly nameConstraints?: NameConstraints;
  readonly authorityKeyId?: string;
  readonly subjectKeyId?: string;
  readonly crlDistributionPoints: readonly string[];
  /** Dotted OIDs of critical extensions that Go does not handle. */
  readonly unhandledCriticalExtensions: readonly string[];
}

export interface DistinguishedName {
  /** As Go's pkix.Name prints it: most specific first, `CN=etcd-ca,O=lab`. Hostile text: escape before showing. */
  readonly text: string;
  /** The last commonName, which is the one that Go reports. */
  readonly commonName?: string;
  readonly organization: readonly string[];
  /** The DER of the name in hex. Go matches issuers to subjects by these bytes. */
  readonly raw: string;
}

export interface PublicKey {
  readonly algorithm: 'RSA' | 'ECDSA' | 'Ed25519' | 'DSA' | 'unknown';
  /** Modulus length for RSA, field size for ECDSA, in bits. */
  readonly bits?: number;
  /** Go's name: `P-224`, `P-256`, `P-384`, `P-521`; the OID of any other. */
  readonly curve?: string;
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hex. */
  readonly sha256: string;
}

export interface SubjectAltName {
  readonly dnsNames: readonly string[];
  /** In Go's printed form: `10.0.0.1`, `2001:db8::1`. */
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
  /** How many names of kinds that Go ignores (otherName, directoryName, registeredID…). */
  readonly otherNames: number;
}

export interface NameConstraints {
  readonly critical: boolean;
  readonly permitted: ConstraintSet;
  readonly excluded: ConstraintSet;
}

export interface ConstraintSet {
  readonly dnsNames: readonly string[];
  /** CIDR notation. */
  readonly ipRanges: readonly string[];
  readonly uris: readonly string[];
  readonly emailAddresses: readonly string[];
}

/** What may be known of a private key without holding it. */
export interface PrivateKey {
  readonly algorithm: 'RSA' | 'ECDSA' | 'Ed25519' | 'unknown';
  readonly bits?: number;
  readonly curve?: string;
  /** SHA-256 of the SubjectPublicKeyInfo of its public half; absent when the key is encrypted or unreadable. */
  readonly publicKeySha256?: string;
  readonly format: 'PKCS#8' | 'SEC1' | 'PKCS#1' | 'unknown';
  readonly encrypted: boolean;
  /** Why Go would refuse the key, in Go's words. */
  readonly refusedBy?: string;
  /** The release of Go since which that is so, such as `1.24`; absent when every release refuses it. */
  readonly refusedSince?: string;
}

/** What etcd reads of a certificate revocation list. */
export interface RevocationList {
  readonly sha256: string;
  readonly encoding: 'PEM' | 'DER';
  readonly version: number;
  readonly issuer: DistinguishedName;
  readonly signatureAlgorithm: string;
  readonly authorityKeyId?: string;
  readonly thisUpdate: string;
  readonly nextUpdate?: string;
  /** Lower-case hex without leading zeros. */
  readonly revokedSerials: readonly string[];
}
