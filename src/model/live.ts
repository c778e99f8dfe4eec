import type { Certificate } from './certificate.ts';
import { canonicalHost, parseEndpoint } from './host.ts';
import type { Target } from './target.ts';

/** One step of looking at an endpoint. Milliseconds from the start of that step. */
export interface Stage {
  readonly name: 'resolve' | 'connect' | 'first-bytes' | 'tls' | 'application';
  readonly outcome: 'ok' | 'failed' | 'not-reached';
  readonly milliseconds: number;
  /** A code, never a library's prose: `ECONNREFUSED`, `TIMEOUT`, `ALERT_42`, `CLOSED`. */
  readonly code?: string;
}

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
interface SeenPlace {
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
export function isAt(seen: SeenEndpoint, { url, member, host }: UrlOf): boolean {
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

/** What an endpoint shows to someone without any credential. */
export interface EndpointObservation extends AtEndpoint {
  /** Set for a port that no setting or option names: one of etcd's other usual ports on a client endpoint's host. */
  readonly supposed?: true;
  /** Set where its URL is made of a certificate's address and etcd's usual port, since no setting or option names one. */
  readonly assumed?: true;
  readonly addresses: readonly string[];
  /** How many addresses the name has, where that is more than `addresses` holds. */
  readonly resolved?: number;
  readonly stages: readonly Stage[];
  /** What the first bytes were that came back to a ClientHello. */
  readonly speaks:
    | 'tls'
    | 'tls-alert'
    | 'http1'
    | 'http2'
    | 'ssh'
    | 'silence'
    | 'closed'
    | 'reset'
    | 'unknown'
    | 'unreachable';
  readonly alert?: number;
  /** A printable, escaped sample of what came instead of TLS, at most 60 characters. */
  readonly sample?: string;
  readonly flight?: ServerFlight;
  /** The address among `addresses` that was dialled. */
  readonly dialled?: string;
  /** The handshake that gave the flight, or that broke off. */
  readonly messages?: readonly HandshakeMessage[];
  /** What was wrong with the server's bytes, told by what they broke: `RECORD_TOO_LONG`, `TOO_MANY_BYTES`… */
  readonly violation?: string;
  /** How long the auditing process was too busy to read answers during the last of the stages but `application`, where that was worth telling. */
  readonly lagMilliseconds?: number;
  /** What a plain-text `GET /version` on the same port got: `answered` by etcd; absent when not asked. */
  readonly plaintext?: 'answered' | 'another-service' | 'refused' | 'silence';
}

/** What a server says before it knows who asks: read from the wire, not from a TLS library. */
export interface ServerFlight {
  readonly tlsVersion: '1.2' | '1.3';
  /** IANA name. */
  readonly cipherSuite: string;
  readonly group?: string;
  readonly alpn?: string;
  /** As sent, leaf first. */
  readonly chain: readonly Certificate[];
  readonly clientCertificateRequested: boolean;
  /** Subjects of the CAs that the process trusts for clients, as it holds them in memory. */
  readonly acceptableCas: readonly { readonly text: string; readonly raw: string }[];
  readonly signatureAlgorithms: readonly number[];
  readonly milliseconds: number;
  /** What stood in the chain and is no certificate to Go, by its place from 0. `chain` goes on without it. */
  readonly malformed?: readonly { readonly index: number; readonly error: string }[];
  /** How many certificates were sent, where that is more than `chain` holds. */
  readonly sentCertificates?: number;
  /** How many CA names were sent, where that is more than `acceptableCas` holds. */
  readonly sentCas?: number;
  /** RFC 7627; Go answers it from 1.21 on. */
  readonly extendedMasterSecret?: boolean;
}

/** One message of a handshake as it passed by, for showing it as a ladder. */
export interface HandshakeMessage {
  readonly from: 'client' | 'server';
  /** `ClientHello`, `Certificate`, `Alert 42`…; `HandshakeType 99` for what has no name. */
  readonly name: string;
  /** The number of an alert (RFC 8446 section 6). */
  readonly alert?: number;
  readonly bytes: number;
  /** From the moment that the connection stood. */
  readonly milliseconds: number;
}

/** One attempt to be let in with one credential over one TLS version. */
export interface Admission extends AtEndpoint {
  readonly presented: 'nothing' | 'foreign' | 'client' | 'member';
  /** Path of the certificate file shown, where one was. */
  readonly certificateFile?: string;
  /** SHA-256 of the certificate that stands first in that file, lower-case hex; absent where it could not be read. */
  readonly certificateSha256?: string;
  readonly tlsVersion: '1.2' | '1.3';
  /**
   * `admitted` only after an answer of etcd was read: in TLS 1.3 the handshake ends before the server
   * has judged the client, and a proxy's answer proves nothing of etcd. `closed`: the handshake finished and the connection ended without a byte,
   * which is how etcd refuses by SAN, CRL or allowed name.
   */
  readonly outcome: 'admitted' | 'refused' | 'closed' | 'unreachable' | 'unclear';
  readonly alert?: number;
  readonly code?: string;
  /** HTTP status of the answer. */
  readonly httpStatus?: number;
  /** The beginning of an answer that is not etcd's, printable and escaped. Hostile text. */
  readonly otherAnswer?: string;
  /** Headers `server` and `via`, which etcd never sends: something in front passed the answer on, or gave it. */
  readonly via?: string;
  /** SHA-256 of the leaf served on this connection, lower-case hex. */
  readonly leafSha256?: string;
  readonly milliseconds: number;
  /** Our own address as the socket had it: what the peer port compares with SANs, unless NAT is between. */
  readonly localAddress?: string;
}

/** The member list as one endpoint gave it to one client library. Ids are lower-case hex. */
export interface MemberListObservation extends AtEndpoint {
  readonly through: 'grpc' | 'etcd3' | 'peer-http';
  readonly outcome: 'answered' | 'failed';
  /** gRPC status name or a stage code. */
  readonly code?: string;
  /** Escaped and shortened. */
  readonly detail?: string;
  readonly clusterId?: string;
  readonly respondingMemberId?: string;
  readonly members: readonly ListedMember[];
  /** How many members were listed, where that is more than `members` holds. */
  readonly listed?: number;
  readonly milliseconds: number;
  /** What the very connection showed over which the list came; absent without TLS and through etcd3. */
  readonly connection?: ConnectionEvidence;
}

/** What one TLS connection showed. A balancer in between may show another certificate on the next one. */
export interface ConnectionEvidence {
  readonly tlsVersion: string;
  /** IANA name. */
  readonly cipherSuite: string;
  /** SHA-256 of the served leaf, lower-case hex. */
  readonly leafSha256?: string;
  readonly alpn?: string;
  readonly localAddress?: string;
}

export interface ListedMember {
  readonly id: string;
  /** Empty when the member has never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

/** What one endpoint is willing to negotiate, found out by asking. */
export interface TlsOffer extends AtEndpoint {
  readonly versions: readonly ('1.0' | '1.1' | '1.2' | '1.3')[];
  /** IANA names; within a class of suites, the server's favourite first. */
  readonly cipherSuites: readonly {
    readonly tlsVersion: '1.2' | '1.3';
    readonly name: string;
  }[];
  /** IANA names such as `x25519`, `X25519MLKEM768`; the server's favourite first. */
  readonly groups: readonly string[];
  /** IANA names of the algorithms that the server signs its handshakes with, favourite first. */
  readonly signatureAlgorithms: readonly string[];
  /** Which of the protocols `h2` and `http/1.1` it picks when each is the only one offered. */
  readonly alpn: readonly string[];
  readonly resumption: {
    /** TLS 1.2: the server announced a session ticket. */
    readonly ticket12?: boolean;
    /** TLS 1.3: a ticket arrived on a connection that was admitted. */
    readonly ticket13?: boolean;
  };
  /** How many connections the questions took. */
  readonly connections: number;
  /**
   * `all`: everything that the server would negotiate was found out. `weak-suites`: only whether it takes
   * one of the cipher suites that are out of use, of which the lists then hold the one it prefers.
   */
  readonly asked: 'all' | 'weak-suites';
  /** Why the lists may be incomplete; absent when every question was answered. */
  readonly incomplete?: string;
  readonly milliseconds: number;
}

/** One page that was asked for over HTTP. */
export interface PageObservation {
  readonly path: string;
  readonly outcome: 'answered' | 'failed';
  readonly httpStatus?: number;
  readonly code?: string;
  readonly milliseconds: number;
}

/** What one etcd process says about itself over HTTP, and which clients it answers. Hostile text throughout. */
export interface ProcessObservation extends AtEndpoint {
  /** With which credential the pages were asked for; `nothing` where none was needed. */
  readonly presented: Admission['presented'];
  readonly pages: readonly PageObservation[];
  /** From /version. */
  readonly serverVersion?: string;
  readonly clusterVersion?: string;
  /** From /health, which is left alone before etcd 3.5: there each GET of it goes through raft. */
  readonly healthy?: boolean;
  readonly healthReason?: string;
  /** From /metrics. */
  readonly hasLeader?: boolean;
  /** From /metrics: `go1.23.8`. */
  readonly goVersion?: string;
  /** From /metrics. ISO 8601. */
  readonly startedAt?: string;
  /** From /metrics: the member that answered, in lower-case hex. */
  readonly memberId?: string;
  /** From /metrics: which members cannot reach which others. */
  readonly peerTraffic?: readonly PeerTraffic[];
  /** From /debug/vars: the arguments of the running process. Settings of environment or file are not there. */
  readonly commandLine?: readonly string[];
  /** From the HTTP `Date` header, or from /raft/probing, which is exact. */
  readonly clock?: ClockReading;
}

/** One member's counters about another. Ids are lower-case hex. */
export interface PeerTraffic {
  readonly local: string;
  readonly remote: string;
  /** Open streams now. */
  readonly active?: number;
  /** How often the connection was lost since the start. */
  readonly disconnected?: number;
  readonly sentFailures?: number;
}

/** A server's clock between two looks at ours. */
export interface ClockReading {
  /** ISO 8601. */
  readonly serverTime: string;
  readonly askedAt: string;
  readonly answeredAt: string;
  /** How finely the server tells its time. */
  readonly resolutionMilliseconds: number;
}

export interface StatusObservation extends AtEndpoint {
  readonly outcome: 'answered' | 'failed';
  readonly code?: string;
  readonly detail?: string;
  readonly version?: string;
  readonly memberId?: string;
  readonly leaderId?: string;
  readonly isLearner?: boolean;
  readonly alarms?: readonly { readonly memberId: string; readonly alarm: string }[];
  /** From /metrics or /version, where they answered. */
  readonly goVersion?: string;
  readonly errors?: readonly string[];
  readonly clusterId?: string;
  /** Whether etcd's own users and roles are switched on; absent where it would not say. */
  readonly authEnabled?: boolean;
  /** Where users are on: whether the certificate may read every key, is no user at all, or neither is sure. */
  readonly rights?: 'every-key' | 'not-every-key' | 'no-user';
  /** Who the client is to them: asked in a survey where they are on, absent where the certificate does not count. */
  readonly user?: EtcdUser;
}

/** What etcd knows of the user that a certificate's common name names. Hostile text. */
export interface EtcdUser {
  readonly name: string;
  readonly isKnown: boolean;
  /** At most a hundred; none at all lets it do nothing. */
  readonly roles: readonly string[];
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
