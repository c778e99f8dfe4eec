import type { Seen, TlsOffer } from '../../model/live.ts';
import { cipherSuiteName, tls12CipherSuites } from '../wire/cipher-suites.ts';
import { versionNumbers } from '../wire/numbers.ts';
import { type Asker, createAsker } from './asker.ts';
import type { Deadline } from './deadline.ts';
import { since } from './dial.ts';
import type { OfferRequest } from './offer.ts';

interface WeakRequest extends OfferRequest {
  /** Whether a member of the set is known to serve this certificate. */
  readonly isOfSet: boolean;
  /** The code with which our own certificate was refused: then nothing more is asked. */
  readonly refused: string | undefined;
}

/** What has no fresh keys or no authenticated encryption. */
const weakSuites = tls12CipherSuites.filter((id) => {
  const name = cipherSuiteName(id);
  return !(/^TLS_(?:EC)?DHE_/.test(name) && /_GCM_|CHACHA20/.test(name));
});

/**
 * Asks the one question that a check has: would a weak cipher suite do? etcd itself speaks TLS 1.2 and
 * later in every release (tls.Config.MinVersion), so only a certificate from outside the set is reason to ask
 * for older versions.
 */
export async function observeWeakSuites(
  { endpoint, address, flight, lanes, isOfSet, refused }: WeakRequest,
  deadline: Deadline,
): Promise<Seen<TlsOffer>> {
  const started = performance.now();
  const asker = createAsker({ address, host: endpoint.host, lanes }, deadline);
  const asksWeak = flight.tlsVersion === '1.2' && refused === undefined;
  const weak = asksWeak ? await answerTo(asker, '1.2', weakSuites) : undefined;
  const old = isOfSet ? undefined : await answerTo(asker, '1.1', tls12CipherSuites);
  const incomplete = refused ?? asker.incomplete();
  return {
    url: endpoint.url,
    asked: 'weak-suites',
    versions: [...(old === undefined ? [] : ['1.1' as const]), flight.tlsVersion],
    cipherSuites: weak === undefined ? [] : [{ tlsVersion: '1.2', name: cipherSuiteName(weak) }],
    groups: [],
    signatureAlgorithms: [],
    alpn: [],
    resumption: {},
    connections: asker.connections(),
    ...(incomplete !== undefined && { incomplete }),
    milliseconds: since(started),
  };
}

/** The suite that the server picks in that version, if it agrees to it. */
async function answerTo(
  asker: Asker,
  version: '1.1' | '1.2',
  cipherSuites: readonly number[],
): Promise<number | undefined> {
  const hello = (await asker.ask({ version, cipherSuites }, 'server-hello'))?.hello;
  return hello?.version === versionNumbers[version] ? hello.cipherSuite : undefined;
}
