import type { Certificate, DistinguishedName } from '../../src/model/certificate.ts';

import type { Block, FileFact } from '../../src/model/files.ts';
import type { Client, FileMatch, Member } from '../../src/model/inventory.ts';
import type { MemberSettings, Setting, TlsSettings } from '../../src/model/settings.ts';

/** A setting as an inventory would give it. */
export function set<Value>(value: Value): Setting<Value> {
  return { value, origin: { via: 'inventory' } };
}

export function aName(commonName: string): DistinguishedName {
  return {
    text: `CN=${commonName}`,
    commonName,
    organization: [],
    raw: Buffer.from(commonName).toString('hex'),
  };
}

/**
 * A leaf certificate as data, sound for every role unless told otherwise. It has no DER behind it:
 * enough for checks that read fields; forecasts want certificates that were really issued.
 */
export function aCertificate(overrides: Partial<Certificate> = {}): Certificate {
  return {
    ...bareCertificate(),
    keyUsage: ['digitalSignature'],
    extendedKeyUsage: ['serverAuth', 'clientAuth'],
    subjectAltName: names({ ipAddresses: ['10.0.0.1', '127.0.0.1'], dnsNames: ['localhost'] }),
    ...overrides,
  };
}

/** A sound self-signed authority as data. */
export function anAuthority(overrides: Partial<Certificate> = {}): Certificate {
  return {
    ...bareCertificate(),
    subject: aName('etcd-ca'),
    notAfter: '2035-01-01T00:00:00.000Z',
    basicConstraints: { isCa: true },
    keyUsage: ['keyCertSign', 'cRLSign'],
    ...overrides,
  };
}

let issued = 0;

function bareCertificate(): Certificate {
  issued += 1;
  return {
    der: '',
    sha256: issued.toString(16).padStart(64, '0'),
    version: 3,
    serialNumber: (0x1000 + issued).toString(16),
    subject: aName('node1'),
    issuer: aName('etcd-ca'),
    notBefore: '2025-06-01T00:00:00.000Z',
    notAfter: '2027-06-01T00:00:00.000Z',
    publicKey: {
      algorithm: 'ECDSA',
      bits: 256,
      curve: 'P-256',
      sha256: `a${issued.toString(16)}`.padStart(64, '0'),
    },
    signatureAlgorithm: 'ECDSA-SHA256',
    crlDistributionPoints: [],
    unhandledCriticalExtensions: [],
  };
}

function names(
  given: Partial<NonNullable<Certificate['subjectAltName']>>,
): NonNullable<Certificate['subjectAltName']> {
  return {
    dnsNames: [],
    ipAddresses: [],
    uris: [],
    emailAddresses: [],
    otherNames: 0,
    ...given,
  };
}

function aFile(
  path: string,
  blocks: readonly Block[],
  overrides: Partial<FileFact> = {},
): FileFact {
  return { path, size: 1000, mode: 0o600, uid: 0, gid: 0, blocks, traps: [], ...overrides };
}

export function aCertificateFile(path: string, ...certificates: readonly Certificate[]): FileFact {
  return aFile(
    path,
    certificates.map((certificate, index) => ({
      kind: 'certificate',
      type: 'CERTIFICATE',
      line: 1 + index * 12,
      certificate,
    })),
    { mode: 0o644 },
  );
}

/** Deployed paths that are also the given ones. */
export function matches(...paths: readonly string[]): readonly FileMatch[] {
  return paths.map((path) => ({ deployed: path, file: path, because: 'it is the same path' }));
}

/** Where the files of a member lie in every builder here. */
export function filesOf(name: string) {
  return {
    ca: 'pki/ca.crt',
    peerCa: 'pki/peer-ca.crt',
    certificate: `pki/${name}.crt`,
    key: `pki/${name}.key`,
    peerCertificate: `pki/${name}-peer.crt`,
    peerKey: `pki/${name}-peer.key`,
  };
}

export interface MemberOptions {
  readonly name?: string;
  /** One address, for URLs and for dialling. */
  readonly address?: string;
  readonly client?: Partial<TlsSettings>;
  readonly peer?: Partial<TlsSettings>;
  readonly settings?: Partial<MemberSettings>;
  readonly member?: Partial<Member>;
}

/** A member with mutual TLS on both ports, its own authority for peers, gateway on, etcd 3.5.30. */
export function aMember({
  name = 'node1',
  address = '10.0.0.1',
  client = {},
  peer = {},
  settings = {},
  member = {},
}: MemberOptions = {}): Member {
  const files = filesOf(name);
  return {
    name,
    target: { kind: 'member', name, member: name },
    known: 'settings',
    addresses: [address],
    hostnames: [],
    settings: {
      listenClientUrls: set([`https://${address}:2379`]),
      advertiseClientUrls: set([`https://${address}:2379`]),
      listenPeerUrls: set([`https://${address}:2380`]),
      initialAdvertisePeerUrls: set([`https://${address}:2380`]),
      client: {
        certFile: set(files.certificate),
        keyFile: set(files.key),
        trustedCaFile: set(files.ca),
        clientCertAuth: set(true),
        ...client,
      },
      peer: {
        certFile: set(files.peerCertificate),
        keyFile: set(files.peerKey),
        trustedCaFile: set(files.peerCa),
        clientCertAuth: set(true),
        ...peer,
      },
      processEnvironment: {},
      ...settings,
    },
    problems: [],
    files: matches(...Object.values(files)),
    etcdVersion: set('3.5.30'),
    goVersion: set('1.25.9'),
    ...member,
  };
}

export interface ClientOptions extends Partial<Client> {
  readonly urls?: readonly string[];
}

/** An etcdctl with a certificate of its own that dials one member by its address. */
export function aClient({
  urls = ['https://10.0.0.1:2379'],
  ...overrides
}: ClientOptions = {}): Client {
  return {
    name: 'etcdctl',
    kind: 'etcdctl',
    target: { kind: 'client', name: 'etcdctl' },
    known: 'settings',
    origin: { file: 'etcdctl.env' },
    endpoints: set(urls),
    caFile: set('pki/ca.crt'),
    certFile: set('pki/client.crt'),
    keyFile: set('pki/client.key'),
    verifier: 'go',
    goVersion: set('1.25.9'),
    speaks: 'grpc',
    problems: [],
    files: matches('pki/ca.crt', 'pki/client.crt', 'pki/client.key'),
    ...overrides,
  };
}
