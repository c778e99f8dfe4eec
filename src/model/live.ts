import type { Certificate } from './certificate.ts';
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

/** An address to look at, and who said that it exists. */
export interface Endpoint {
  /** As written, e.g. `https://10.104.100.236:2379`. */
  readonly url: string;
  readonly scheme: 'https' | 'http';
  /** Without brackets. */
  readonly host: string;
  readonly port: number;
  readonly serves: Port;
  /** Name of the member it should belong to, where known. */
  readonly member?: string;
  readonly source: 'given' | 'inventory' | 'settings' | 'cluster';
}

/** What an endpoint shows to someone without any credential. */
export interface EndpointObservation {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly addresses: readonly string[];
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
  /** What a plain-text `GET /version` on the same port got; absent when not asked. */
  readonly plaintext?: 'answered' | 'refused' | 'silence';
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
}

/** One attempt to be let in with one credential over one TLS version. */
export interface Admission {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly presented: 'nothing' | 'foreign' | 'client' | 'member';
  /** Path of the certificate file shown, where one was. */
  readonly certificateFile?: string;
  /** Whose it is: a member's or a client's name. */
  readonly owner?: string;
  readonly tlsVersion: '1.2' | '1.3';
  /**
   * `admitted` only after an answer was read: in TLS 1.3 the handshake ends before the server has
   * judged the client. `closed`: the handshake finished and the connection ended without a byte,
   * which is how etcd refuses by SAN, CRL or allowed name.
   */
  readonly outcome: 'admitted' | 'refused' | 'closed' | 'unreachable' | 'unclear';
  readonly alert?: number;
  readonly code?: string;
  /** HTTP status of the answer that proved admission. */
  readonly httpStatus?: number;
  readonly milliseconds: number;
  /** Our own address as the socket had it: what the peer port compares with SANs, unless NAT is between. */
  readonly localAddress?: string;
}

/** The member list as one endpoint gave it to one client library. Ids are lower-case hex. */
export interface MemberListObservation {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly through: 'grpc' | 'etcd3' | 'peer-http';
  readonly outcome: 'answered' | 'failed';
  /** gRPC status name or a stage code. */
  readonly code?: string;
  /** Escaped and shortened. */
  readonly detail?: string;
  readonly clusterId?: string;
  readonly respondingMemberId?: string;
  readonly members: readonly ListedMember[];
  readonly milliseconds: number;
}

export interface ListedMember {
  readonly id: string;
  /** Empty when the member has never started. */
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls: readonly string[];
  readonly isLearner: boolean;
}

export interface StatusObservation {
  readonly target: Target;
  readonly endpoint: Endpoint;
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
}
