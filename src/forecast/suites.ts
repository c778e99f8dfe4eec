import { type CipherSuite, cipherSuite } from '../etcd/cipher-suites.ts';
import { etcdVersion } from '../etcd/version.ts';
import { once } from '../model/once.ts';
import { type GoRelease, isSince } from '../pki/go-release.ts';

const newest = etcdVersion('3.6.0');

function named(exchanges: readonly string[], ciphers: readonly string[]): readonly CipherSuite[] {
  return exchanges.flatMap((exchange) =>
    ciphers.flatMap((cipher) => cipherSuite(`TLS_${exchange}_WITH_${cipher}`, newest) ?? []),
  );
}

const elliptic = ['ECDHE_ECDSA', 'ECDHE_RSA'];
const authenticated = ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305'];
const chained = ['AES_128_CBC_SHA', 'AES_256_CBC_SHA'];

const forHttp2 = named(elliptic, authenticated);
const common = [...forHttp2, ...named(elliptic, chained)];
const byRsaExchange = named(['RSA'], ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', ...chained]);
const tripleDes = named(['ECDHE_RSA', 'RSA'], ['3DES_EDE_CBC_SHA']);

/** What crypto/tls speaks in TLS 1.2 by default: without the RSA key exchange since 1.22, 3DES since 1.23. */
export const defaultSuites: (go: GoRelease) => readonly CipherSuite[] = once((go) => {
  const hasRsaExchange = go.offersRsaKeyExchange === true || !isSince(go, 22);
  const hasTripleDes = go.offersTripleDes === true || !isSince(go, 23);
  return [
    ...common,
    ...(hasRsaExchange ? byRsaExchange : []),
    ...(hasTripleDes
      ? tripleDes.filter(({ forwardSecret }) => forwardSecret || hasRsaExchange)
      : []),
  ];
});

/** What grpc-go 1.60 and later offer by default: what HTTP/2 allows. */
export const grpcSuites: readonly CipherSuite[] = forHttp2;

/** What OpenSSL 3 offers by default, limited to what Go has. */
export const opensslSuites: readonly CipherSuite[] = [
  ...common,
  ...byRsaExchange,
  ...named(['ECDHE_ECDSA', 'ECDHE_RSA', 'RSA'], ['AES_128_CBC_SHA256']),
];

/** RFC 7540 appendix A forbids all others. */
export function isForHttp2({ name }: CipherSuite): boolean {
  return name.includes('_ECDHE_') && (name.includes('_GCM_') || name.includes('POLY1305'));
}
