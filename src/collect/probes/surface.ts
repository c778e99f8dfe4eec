import type { EndpointObservation, Seen, ServerFlight, Stage } from '../../model/live.ts';
import type { PlannedEndpoint } from '../../model/probe-plan.ts';
import { cipherSuiteName, tls12CipherSuites, tls13CipherSuites } from '../wire/cipher-suites.ts';
import { groupNames, registryNumber, versionNumbers } from '../wire/numbers.ts';
import type { Flight } from '../wire/flight.ts';
import { type Deadline, sooner } from './deadline.ts';
import { setFairTimeout } from './lag.ts';
import { describeChain, describeNames, printableSample } from './describe.ts';
import { type Address, type Resolution, resolveHost } from './dial.ts';
import { type HelloAnswer, sayHello } from './say-hello.ts';

/** What an endpoint shows without a client certificate, and the address by which to go on. */
export interface Surface {
  readonly observation: Seen<EndpointObservation>;
  /** Absent when nothing there could be connected to. */
  readonly address?: Address;
}

/** How long the other addresses of a name may be silent once one has shown its certificate. */
const afterTheFirstMs = 1000;

/** What each address of an endpoint's name shows, those that answer first, under one deadline for all. */
export async function observeSurfaces(
  endpoint: PlannedEndpoint,
  deadline: Deadline,
): Promise<readonly [Surface, ...Surface[]]> {
  const resolved = await resolveEndpoint(endpoint, deadline);
  const controller = new AbortController();
  const shared = sooner(deadline, deadline.left(), controller);
  let enough: (() => void) | undefined;
  const looks = resolved.addresses.map(async (candidate): Promise<Surface> => {
    const surface = await surfaceAt(candidate, resolved, shared);
    if (surface.observation.flight !== undefined)
      enough ??= setFairTimeout(() => controller.abort(), afterTheFirstMs, deadline.lag);
    const isOneOfSeveral = resolved.addresses.length > 1;
    return isOneOfSeveral
      ? { ...surface, observation: { ...surface.observation, address: candidate } }
      : surface;
  });
  const surfaces = await Promise.all(looks);
  enough?.();
  shared.release();
  const answering = surfaces.filter(({ address }) => address !== undefined);
  const silent = surfaces.filter(({ address }) => address === undefined);
  const [first = unresolved(resolved), ...others] = [...answering, ...silent];
  return [first, ...others];
}

/** An endpoint and the addresses of its host; none where the name leads nowhere. */
export interface Resolved extends Resolution {
  readonly endpoint: PlannedEndpoint;
  readonly lag: OwnLag;
}

export async function resolveEndpoint(
  endpoint: PlannedEndpoint,
  deadline: Deadline,
): Promise<Resolved> {
  const before = deadline.lag.total();
  const resolution = await resolveHost(endpoint.host, deadline);
  return { endpoint, ...resolution, lag: lagSince(before, deadline) };
}

export function unresolved(resolution: Resolved): Surface {
  const { stage, lag } = resolution;
  return { observation: observation(resolution, [stage], { speaks: 'unreachable', ...lag }) };
}

/** One connection without any credential, or two where TLS 1.2 is refused. */
export async function surfaceAt(
  candidate: string,
  resolution: Resolved,
  deadline: Deadline,
): Promise<Surface> {
  const { endpoint, stage } = resolution;
  const address = { address: candidate, port: endpoint.port };
  // A plain-text server may wait for the end of a request that never was one.
  const patience = endpoint.scheme === 'http' ? 1000 : deadline.left();
  const share = sooner(deadline, patience);
  const before = deadline.lag.total();
  const answer = await bestHello(address, endpoint.host, share);
  const lag = lagSince(before, deadline);
  share.release();
  const stages = [stage, ...stagesOf(answer)];
  const dialled = answer.speaks === 'unreachable' ? {} : { dialled: address.address };
  return {
    observation: observation(resolution, stages, { ...dialled, ...described(answer), ...lag }),
    ...(answer.speaks !== 'unreachable' && { address }),
  };
}

type OwnLag = Pick<EndpointObservation, 'lagMilliseconds'>;

/** Milliseconds of our own delay below which it is not worth reporting. */
const worthTelling = 200;

/** How busy this process was in one wait: what it was before or afterwards says nothing about that wait. */
function lagSince(before: number, { lag }: Deadline): OwnLag {
  const lagMilliseconds = Math.round(lag.total() - before);
  return lagMilliseconds > worthTelling ? { lagMilliseconds } : {};
}

/** TLS 1.2 shows everything in clear; where it is rejected, TLS 1.3 has to do. */
async function bestHello(address: Address, host: string, deadline: Deadline): Promise<HelloAnswer> {
  const question = { address, until: 'flight' } as const;
  const first = await sayHello(
    { ...question, hello: { version: '1.2', cipherSuites: tls12CipherSuites, host } },
    deadline,
  );
  if (first.speaks !== 'tls-alert') return first;

  const second = await sayHello(
    { ...question, hello: { version: '1.3', cipherSuites: tls13CipherSuites, host } },
    deadline,
  );
  return second.speaks === 'tls' ? second : first;
}

function stagesOf(answer: HelloAnswer): readonly Stage[] {
  const { code, connectMilliseconds, firstBytesMilliseconds, milliseconds } = answer;
  const failure = code === undefined ? {} : { code };
  if (connectMilliseconds === undefined) {
    return [
      { name: 'connect', outcome: 'failed', milliseconds, ...failure },
      notReached('first-bytes'),
      notReached('tls'),
    ];
  }
  const connected: Stage = { name: 'connect', outcome: 'ok', milliseconds: connectMilliseconds };
  if (firstBytesMilliseconds === undefined) {
    const failed: Stage = { name: 'first-bytes', outcome: 'failed', milliseconds, ...failure };
    return [connected, failed, notReached('tls')];
  }
  const first: Stage = { name: 'first-bytes', outcome: 'ok', milliseconds: firstBytesMilliseconds };
  const complete = answer.flight.complete && code === undefined;
  const rest = Math.round((milliseconds - firstBytesMilliseconds) * 10) / 10;
  return [
    connected,
    first,
    { name: 'tls', outcome: complete ? 'ok' : 'failed', milliseconds: rest, ...failure },
  ];
}

function notReached(name: Stage['name']): Stage {
  return { name, outcome: 'not-reached', milliseconds: 0 };
}

function observation(
  { endpoint: { url, supposed, assumed }, addresses, resolved }: Resolved,
  stages: readonly Stage[],
  rest: Pick<EndpointObservation, 'speaks'> & Partial<EndpointObservation>,
): Seen<EndpointObservation> {
  const guessed = { ...(supposed && { supposed }), ...(assumed && { assumed }) };
  const beyond = resolved === undefined ? {} : { resolved };
  return { url, ...guessed, addresses, ...beyond, stages, ...rest };
}

function described(
  answer: HelloAnswer,
): Pick<EndpointObservation, 'speaks'> & Partial<EndpointObservation> {
  const { speaks, flight, sample, messages, violation } = answer;
  const read = flight.hello === undefined ? undefined : serverFlight(flight, answer.milliseconds);
  return {
    speaks,
    messages,
    ...(flight.alert !== undefined && { alert: flight.alert }),
    ...(sample !== undefined && { sample: printableSample(sample) }),
    ...(violation !== undefined && { violation }),
    ...(read !== undefined && { flight: read }),
  };
}

function serverFlight(flight: Flight, milliseconds: number): ServerFlight | undefined {
  const { hello, alpn, certificates = { certificates: [], sent: 0 } } = flight;
  if (hello === undefined) return undefined;
  return {
    tlsVersion: hello.version === versionNumbers['1.3'] ? '1.3' : '1.2',
    cipherSuite: cipherSuiteName(hello.cipherSuite),
    ...groupOf(flight),
    ...(alpn !== undefined && { alpn }),
    ...describeChain(certificates.certificates),
    ...(certificates.sent > certificates.certificates.length && {
      sentCertificates: certificates.sent,
    }),
    ...requested(flight),
    ...(hello.version < versionNumbers['1.3'] && {
      extendedMasterSecret: hello.extendedMasterSecret,
    }),
    milliseconds,
  };
}

function groupOf({ hello, keyExchange }: Flight): Pick<ServerFlight, 'group'> {
  const group = hello?.group ?? keyExchange?.group;
  return group === undefined ? {} : { group: groupNames.get(group) ?? registryNumber(group) };
}

function requested({
  certificateRequest,
}: Flight): Pick<
  ServerFlight,
  'clientCertificateRequested' | 'acceptableCas' | 'sentCas' | 'signatureAlgorithms'
> {
  if (certificateRequest === undefined) {
    return { clientCertificateRequested: false, acceptableCas: [], signatureAlgorithms: [] };
  }
  const { authorities, sent, signatureAlgorithms } = certificateRequest;
  return {
    clientCertificateRequested: true,
    acceptableCas: describeNames(authorities),
    ...(sent > authorities.length && { sentCas: sent }),
    signatureAlgorithms,
  };
}
