import type { TlsOffer } from '../../model/live.ts';
import { cipherSuiteName, tls12CipherSuites } from '../wire/cipher-suites.ts';
import { versionNumbers } from '../wire/numbers.ts';
import { createAsker } from './asker.ts';
import type { Deadline } from './deadline.ts';
import { since } from './dial.ts';
import type { OfferRequest } from './offer.ts';
import { endpointTarget } from './surface.ts';

interface WeakRequest extends OfferRequest {
  /** Whether a member of the set serves this certificate, as far as they are known. */
  readonly isOfSet: boolean;
  /** The code with which our own certificate was refused: then nothing more is asked. */
  readonly refused: string | undefined;
}

/** What has no fresh keys or no authenticated encryption. */
const weakSuites = tls12CipherSuites.filter(
  (id) => !/_(?:EC)?DHE_.*(?:_GCM_|CHACHA20)/.test(cipherSuiteName(id)),
);

/**
 * Asks the one question that a check has: would a weak cipher suite do? etcd itself speaks TLS 1.2 and
 * later in every release (tls.Config.MinVersion), so that only a stranger's certificate is reason to ask
 * for older versions.
 */
export async function observeWeakSuites(
  { endpoint, address, flight, lanes, isOfSet, refused }: WeakRequest,
  deadline: Deadline,
): Promise<TlsOffer> {
  const started = performance.now();
  const asker = createAsker({ address, host: endpoint.host, lanes }, deadline);
  const speaks12 = flight.tlsVersion === '1.2';
  const asksWeak = speaks12 && refused === undefined;
  const weak = asksWeak
    ? (await asker.ask({ version: '1.2', cipherSuites: weakSuites }, 'server-hello'))?.hello
    : undefined;
  const old = isOfSet
    ? undefined
    : (await asker.ask({ version: '1.1', cipherSuites: tls12CipherSuites }, 'server-hello'))?.hello;
  const incomplete = refused ?? asker.incomplete();
  const isOld = old !== undefined && old.version < versionNumbers['1.2'];
  const is12 = weak?.version === versionNumbers['1.2'];
  return {
    target: endpointTarget(endpoint),
    endpoint,
    asked: 'weak-suites',
    versions: [...(isOld ? ['1.1' as const] : []), flight.tlsVersion],
    cipherSuites: is12 ? [{ tlsVersion: '1.2', name: cipherSuiteName(weak.cipherSuite) }] : [],
    groups: [],
    signatureAlgorithms: [],
    alpn: [],
    resumption: {},
    connections: asker.connections(),
    ...(incomplete !== undefined && { incomplete }),
    milliseconds: since(started),
  };
}
