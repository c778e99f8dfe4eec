import { type EtcdVersion, hasSince } from './version.ts';

/** A suite of TLS 1.2 or below, or of TLS 1.3, by the name etcd takes. */
export interface CipherSuite {
  /** Go's name, which is IANA's. */
  readonly name: string;
  /** What the server's certificate must hold; `any` in TLS 1.3. */
  readonly keyType: 'RSA' | 'ECDSA' | 'any';
  /** False for the RSA key exchange, which Go dropped from its defaults in 1.22. */
  readonly forwardSecret: boolean;
  readonly tls13: boolean;
}

/** TLS_RSA, TLS_ECDHE_RSA and TLS_ECDHE_ECDSA suites that Go implements, by what follows `_WITH_`. */
const implemented = {
  RSA: [
    'RC4_128_SHA',
    '3DES_EDE_CBC_SHA',
    'AES_128_CBC_SHA',
    'AES_256_CBC_SHA',
    'AES_128_CBC_SHA256',
    'AES_128_GCM_SHA256',
    'AES_256_GCM_SHA384',
  ],
  ECDHE_RSA: [
    'RC4_128_SHA',
    '3DES_EDE_CBC_SHA',
    'AES_128_CBC_SHA',
    'AES_256_CBC_SHA',
    'AES_128_CBC_SHA256',
    'AES_128_GCM_SHA256',
    'AES_256_GCM_SHA384',
    'CHACHA20_POLY1305',
    'CHACHA20_POLY1305_SHA256',
  ],
  ECDHE_ECDSA: [
    'RC4_128_SHA',
    'AES_128_CBC_SHA',
    'AES_256_CBC_SHA',
    'AES_128_CBC_SHA256',
    'AES_128_GCM_SHA256',
    'AES_256_GCM_SHA384',
    'CHACHA20_POLY1305',
    'CHACHA20_POLY1305_SHA256',
  ],
} as const;

const tls13Names = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

const suites: ReadonlyMap<string, CipherSuite> = new Map(
  [
    ...Object.entries(implemented).flatMap(([exchange, ciphers]) =>
      ciphers.map((cipher) => ({
        name: `TLS_${exchange}_WITH_${cipher}`,
        keyType: exchange.endsWith('ECDSA') ? ('ECDSA' as const) : ('RSA' as const),
        forwardSecret: exchange !== 'RSA',
        tls13: false,
      })),
    ),
    ...tls13Names.map((name) => ({
      name,
      keyType: 'any' as const,
      forwardSecret: true,
      tls13: true,
    })),
  ].map((suite) => [suite.name, suite]),
);

/** The suite behind a name on etcd's list; undefined where this version refuses the name. */
export function cipherSuite(name: string, version: EtcdVersion): CipherSuite | undefined {
  const suite = suites.get(name);
  if (suite === undefined) return undefined;

  // A table of etcd's own up to 3.4.19; Go's lists since (pkg/tlsutil/cipher_suites.go).
  const onlyFromGo = suite.tls13 || name.endsWith('POLY1305_SHA256');
  return onlyFromGo && !hasSince(version, ['3.4.20', '3.5.0']) ? undefined : suite;
}

/** RFC 7540 9.2.2 asks for one of these, and Go's server does not start to serve HTTP/2 without. */
const http2Suites = [
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
];

/** What an etcd says when its list lacks the suite that HTTP/2 asks for; undefined when it is content. */
export function http2Refusal(names: readonly string[], version: EtcdVersion): string | undefined {
  if (names.length === 0 || names.some((name) => http2Suites.includes(name))) return undefined;
  // Before etcd configured HTTP/2 itself, Go's server closed the listener, which is the error that was reported.
  if (!hasSince(version, ['3.4.20', '3.5.5', '3.6.0'])) return 'use of closed network connection';
  return `http2: TLSConfig.CipherSuites is missing an HTTP/2-required AES_128_GCM_SHA256 cipher (need at least one of ${http2Suites.join(' or ')})`;
}
