import type { Endpoint, Seen, ServerFlight, TlsOffer } from '../../model/live.ts';
import { cipherSuiteClasses, cipherSuiteName } from '../wire/cipher-suites.ts';
import { tls12CipherSuites, tls13CipherSuites } from '../wire/cipher-suites.ts';
import { classicGroups, everyGroup, everySignatureAlgorithm } from '../wire/client-hello.ts';
import {
  groupNames,
  registryNumber,
  signatureSchemeNames,
  type TlsVersion,
  versionNumbers,
} from '../wire/numbers.ts';
import { type Asker, createAsker } from './asker.ts';
import type { Deadline } from './deadline.ts';
import { type Address, since } from './dial.ts';
import type { Lanes } from './gate.ts';

/** Where to ask, and what is known before the first question. */
export interface OfferRequest {
  readonly endpoint: Endpoint;
  readonly address: Address;
  readonly flight: ServerFlight;
  readonly lanes: Lanes;
}

/**
 * Finds out what a server would negotiate: offers everything, notes what it picks, offers the rest, until
 * it refuses. That takes one connection for each thing accepted and shows what it likes best.
 */
export async function observeOffer(
  request: OfferRequest,
  deadline: Deadline,
): Promise<Seen<TlsOffer>> {
  const { endpoint, address, flight, lanes } = request;
  const started = performance.now();
  const asker = createAsker({ address, host: endpoint.host, lanes }, deadline);
  const version = flight.tlsVersion;

  const [old, suites12, suites13, signatures, alpn] = await Promise.all([
    oldVersions(asker),
    version === '1.2' ? suitesOf12(asker) : [],
    suitesOf13(asker),
    pickAll(everySignatureAlgorithm, (left) => pickSignature(asker, version, left)),
    protocols(asker, version),
  ]);
  const groups = await groupsOf(asker, suites13.length > 0);

  const incomplete = asker.incomplete();
  return {
    url: endpoint.url,
    asked: 'all',
    versions: [...old, ...(version === '1.2' ? ['1.2' as const] : []), ...has13(suites13)],
    cipherSuites: [
      ...suites13.map((id) => ({ tlsVersion: '1.3' as const, name: cipherSuiteName(id) })),
      ...suites12.map((id) => ({ tlsVersion: '1.2' as const, name: cipherSuiteName(id) })),
    ],
    groups: groups.map((id) => groupNames.get(id) ?? registryNumber(id)),
    signatureAlgorithms: signatures.map((id) => signatureSchemeNames.get(id) ?? registryNumber(id)),
    alpn,
    resumption: version === '1.2' ? { ticket12: asker.sawTicket() } : {},
    connections: asker.connections(),
    ...(incomplete !== undefined && { incomplete }),
    milliseconds: since(started),
  };
}

function has13(suites13: readonly number[]): readonly '1.3'[] {
  return suites13.length > 0 ? ['1.3'] : [];
}

/** Offers, notes the choice, offers the rest; ends when nothing or something else is chosen. */
async function pickAll(
  candidates: readonly number[],
  pick: (left: readonly number[]) => Promise<number | undefined>,
): Promise<readonly number[]> {
  const picked: number[] = [];
  let left = candidates;
  while (left.length > 0) {
    const choice = await pick(left);
    if (choice === undefined || !left.includes(choice)) break;
    picked.push(choice);
    left = left.filter((candidate) => candidate !== choice);
  }
  return picked;
}

async function oldVersions(asker: Asker): Promise<readonly ('1.0' | '1.1')[]> {
  const asked = await Promise.all(
    (['1.0', '1.1'] as const).map(async (version) => {
      const hello = { version, cipherSuites: tls12CipherSuites };
      const flight = await asker.ask(hello, 'server-hello');
      return flight?.hello?.version === versionNumbers[version] ? [version] : [];
    }),
  );
  return asked.flat();
}

async function suitesOf12(asker: Asker): Promise<readonly number[]> {
  const classes = await Promise.all(
    cipherSuiteClasses.map((suites) =>
      pickAll(
        suites.map(([id]) => id),
        (left) => pickSuite(asker, '1.2', left),
      ),
    ),
  );
  return classes.flat();
}

async function suitesOf13(asker: Asker): Promise<readonly number[]> {
  return await pickAll(tls13CipherSuites, (left) => pickSuite(asker, '1.3', left));
}

async function pickSuite(
  asker: Asker,
  version: TlsVersion,
  cipherSuites: readonly number[],
): Promise<number | undefined> {
  const flight = await asker.ask({ version, cipherSuites }, 'server-hello');
  const isThat = flight?.hello?.version === versionNumbers[version];
  return isThat ? flight.hello?.cipherSuite : undefined;
}

/** In TLS 1.3 a hello without any key makes the server name its group (RFC 8446 section 4.1.4). */
async function groupsOf(asker: Asker, has13Suites: boolean): Promise<readonly number[]> {
  if (has13Suites) {
    return await pickAll(everyGroup, async (groups) => {
      const hello = { version: '1.3', cipherSuites: tls13CipherSuites, groups } as const;
      return (await asker.ask(hello, 'server-hello'))?.hello?.group;
    });
  }
  return await pickAll(classicGroups, async (groups) => {
    const hello = { version: '1.2', cipherSuites: ellipticSuites, groups } as const;
    return (await asker.ask(hello, 'flight'))?.keyExchange?.group;
  });
}

async function pickSignature(
  asker: Asker,
  version: '1.2' | '1.3',
  signatureAlgorithms: readonly number[],
): Promise<number | undefined> {
  // Only a key exchange with fresh keys is signed.
  const cipherSuites = version === '1.3' ? tls13CipherSuites : ellipticSuites;
  const flight = await asker.ask({ version, cipherSuites, signatureAlgorithms }, 'flight');
  return flight?.signatureAlgorithm;
}

async function protocols(asker: Asker, version: '1.2' | '1.3'): Promise<readonly string[]> {
  const cipherSuites = version === '1.3' ? tls13CipherSuites : tls12CipherSuites;
  const asked = await Promise.all(
    ['h2', 'http/1.1'].map(async (name) => {
      const until = version === '1.3' ? 'flight' : 'server-hello';
      const flight = await asker.ask({ version, cipherSuites, alpn: [name] }, until);
      return flight?.alpn === name ? [name] : [];
    }),
  );
  return asked.flat();
}

const ellipticSuites = tls12CipherSuites.filter((id) => cipherSuiteName(id).includes('_ECDHE_'));
