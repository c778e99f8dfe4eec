import type { EndpointObservation } from '../schema/live.ts';
import { canonicalHost, parseEndpoint } from './host.ts';
import type { Target } from './target.ts';

export type {
  Admission,
  ClockReading,
  ConnectionEvidence,
  EndpointObservation,
  EtcdUser,
  HandshakeMessage,
  ListedMember,
  MemberListObservation,
  PageObservation,
  PeerTraffic,
  ProcessObservation,
  ServerFlight,
  Stage,
  StatusObservation,
  TlsOffer,
} from '../schema/live.ts';

export type Port = 'client' | 'peer' | 'metrics';

/** An address to look at, and what it is to the deployment. */
export interface Endpoint {
  /** As written, e.g. `https://10.104.100.236:2379`. */
  readonly url: string;
  readonly scheme: 'https' | 'http';
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly serves: Port;
  /** All that etcd has on this client port where `--listen-client-http-urls` names another one; both when absent. */
  readonly carries?: 'grpc' | 'http';
  /** Name of the member it should belong to, where known. */
  readonly member?: string;
}

/** An endpoint that was looked at, among those of all hosts. */
export interface SeenEndpoint extends Omit<Endpoint, 'url'> {
  readonly url: EndpointName;
  /** The host that looked at itself through loopback, where evidence of several hosts was put together. */
  readonly seenFrom?: string;
  /** Where the name in the URL has several addresses, of which at least one answers. */
  readonly address?: string;
}

declare const isEndpointName: unique symbol;

/**
 * `https://10.104.100.236:2379`; `node1:https://127.0.0.1:2379` where the URL is another endpoint on each host, and
 * `https://etcd.example:2379 at 10.0.0.2` where its name leads to several. Text in
 * every report, and none to the compiler: a URL of settings, an edge or a member list is compared by `isAt` alone.
 */
export interface EndpointName {
  readonly [isEndpointName]: true;
  toString(): string;
}

export function endpointName(url: string, place?: Omit<SeenPlace, 'url'>): EndpointName;
export function endpointName(url: string, { host, address }: Omit<SeenPlace, 'url'> = {}): unknown {
  const at = address === undefined ? '' : ` at ${address}`;
  return `${host === undefined ? '' : `${host}:`}${url}${at}`;
}

/** The URL that was dialled, and what tells its endpoints apart where it leads to several. */
export interface SeenPlace {
  readonly url: string;
  /** The host that looked, where the URL means another endpoint on each. */
  readonly host?: string;
  /** Where the name in the URL has several addresses, of which at least one answers. */
  readonly address?: string;
}

/** A URL in settings, in a member list or of a predicted connection, and whose it is as far as that is known. */
interface UrlOf {
  readonly url: string;
  readonly member?: string | undefined;
  readonly host?: string | undefined;
}

/** What clientv3 dials where a URL names no port. */
const defaultPort = 2379;

/**
 * Whether a URL leads to an endpoint that was seen. Loopback of a host leads to that host alone: nothing says that it
 * is the same but the member or the host.
 */
export function isAt(
  seen: Pick<SeenEndpoint, 'host' | 'port'> & Partial<SeenEndpoint>,
  { url, member, host }: UrlOf,
): boolean {
  const dialled = parseEndpoint(url, true);
  const isSame =
    canonicalHost(seen.host) === canonicalHost(dialled.host) &&
    seen.port === Number(dialled.port || defaultPort);
  if (!isSame || seen.seenFrom === undefined) return isSame;
  return seen.seenFrom === host || (member !== undefined && seen.member === member);
}

/** What the deployment adds to everything that was seen of an endpoint. */
export interface AtEndpoint {
  readonly target: Target;
  readonly endpoint: SeenEndpoint;
}

/** An observation as evidence holds it: it names the endpoint by the URL that was dialled, and no more. */
export type Seen<Fact extends AtEndpoint> = Omit<Fact, keyof AtEndpoint> & SeenPlace;

/** The name without the address: a waiver or baseline entry of a name holds at each of its addresses. */
export function nameAtAnyAddress({ kind, name }: Target): string {
  return kind === 'endpoint' ? name.replace(/ at [^ ]+$/, '') : name;
}

/** How results about an endpoint are named. */
export function endpointTarget({ url, member }: Pick<SeenEndpoint, 'url' | 'member'>): Target {
  return { kind: 'endpoint', name: String(url), ...(member !== undefined && { member }) };
}

/**
 * A port to which no connection came about, which need not matter: peer and metrics ports are for members, and from one
 * of several addresses clients go on to the next.
 */
export function isUnreachableButUsed({ endpoint, speaks }: EndpointObservation): boolean {
  return (
    speaks === 'unreachable' && (endpoint.serves !== 'client' || endpoint.address !== undefined)
  );
}
