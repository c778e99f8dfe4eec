import { z } from 'zod';
import { parseHttpUrl } from '../model/host.ts';
import type { AtEndpoint, EndpointName, SeenEndpoint, SeenPlace } from '../model/live.ts';
import { type Complete, instant, type Plain, target, text, texts } from './basics.ts';
import { certificate } from './files.ts';

const endpoint: z.ZodType<SeenEndpoint> = z.object({
  url: nameOfEndpoint(),
  scheme: z.literal(['https', 'http']),
  host: text,
  port: z.int(),
  serves: z.literal(['client', 'peer', 'metrics']),
  carries: z.literal(['grpc', 'http']).exactOptional(),
  member: text.exactOptional(),
  seenFrom: text.exactOptional(),
  address: text.exactOptional(),
} satisfies Complete<SeenEndpoint>);

function nameOfEndpoint(): z.ZodType<EndpointName>;
function nameOfEndpoint(): z.ZodType {
  return text;
}

const url = text.refine((value) => parseHttpUrl(value) !== undefined, 'not the URL of an endpoint');
const place = { url, host: text.exactOptional(), address: text.exactOptional() };

/** The schemas of what was seen of endpoints, and of that with what the deployment adds. */
function rowsOf<Shape extends z.ZodRawShape>(seen: Shape) {
  return {
    seen: z.object({ ...place, ...seen }),
    deployed: z.object({ target, endpoint, ...seen }),
  };
}

interface AnyRows {
  readonly seen: z.ZodType;
  readonly deployed: z.ZodType;
}

/** What was seen of an endpoint, with what the deployment adds. */
type Deployed<Row extends AnyRows> = AtEndpoint & Omit<Plain<Row['seen']>, keyof SeenPlace>;

/** One step of looking at an endpoint. Milliseconds from the start of that step. */
export type Stage = Plain<typeof stage>;
const stage = z.object({
  name: z.literal(['resolve', 'connect', 'first-bytes', 'tls', 'application']),
  outcome: z.literal(['ok', 'failed', 'not-reached']),
  milliseconds: z.number(),
  /** A code, never a library's prose: `ECONNREFUSED`, `TIMEOUT`, `ALERT_42`, `CLOSED`. */
  code: text.exactOptional(),
});

/** One message of a handshake as it passed by, for showing it as a ladder. */
export type HandshakeMessage = Plain<typeof message>;
const message = z.object({
  from: z.literal(['client', 'server']),
  /** `ClientHello`, `Certificate`, `Alert 42`…; `HandshakeType 99` for what has no name. */
  name: text,
  /** The number of an alert (RFC 8446 section 6). */
  alert: z.int().exactOptional(),
  bytes: z.number(),
  /** From the moment that the connection stood. */
  milliseconds: z.number(),
});

/** What a server says before it knows who asks: read from the wire, not from a TLS library. */
export type ServerFlight = Plain<typeof flight>;
const flight = z.object({
  tlsVersion: z.literal(['1.2', '1.3']),
  /** IANA name. */
  cipherSuite: text,
  group: text.exactOptional(),
  alpn: text.exactOptional(),
  /** As sent, leaf first. */
  chain: z.array(certificate),
  /** What stood in the chain and is no certificate to Go, by its place from 0. `chain` goes on without it. */
  malformed: z.array(z.object({ index: z.int(), error: text })).exactOptional(),
  /** How many certificates were sent, where that is more than `chain` holds. */
  sentCertificates: z.int().exactOptional(),
  clientCertificateRequested: z.boolean(),
  /** Subjects of the CAs that the process trusts for clients, as it holds them in memory. */
  acceptableCas: z.array(z.object({ text, raw: text })),
  /** How many CA names were sent, where that is more than `acceptableCas` holds. */
  sentCas: z.int().exactOptional(),
  signatureAlgorithms: z.array(z.int()),
  /** RFC 7627; Go answers it from 1.21 on. */
  extendedMasterSecret: z.boolean().exactOptional(),
  milliseconds: z.number(),
});

/** What an endpoint shows to someone without any credential. */
export type EndpointObservation = Deployed<typeof endpointObservation>;
const endpointObservation = rowsOf({
  /** Set for a port that no setting or option names: one of etcd's other usual ports on a client endpoint's host. */
  supposed: z.literal(true).exactOptional(),
  /** Set where its URL is made of a certificate's address and etcd's usual port, since no setting or option names one. */
  assumed: z.literal(true).exactOptional(),
  addresses: texts,
  /** How many addresses the name has, where that is more than `addresses` holds. */
  resolved: z.int().exactOptional(),
  /** The address among `addresses` that was dialled. */
  dialled: text.exactOptional(),
  stages: z.array(stage),
  /** What the first bytes were that came back to a ClientHello. */
  speaks: z.literal([
    'tls',
    'tls-alert',
    'http1',
    'http2',
    'ssh',
    'silence',
    'closed',
    'reset',
    'unknown',
    'unreachable',
  ]),
  alert: z.int().exactOptional(),
  /** A printable, escaped sample of what came instead of TLS, at most 60 characters. */
  sample: text.exactOptional(),
  /** How long the auditing process was too busy to read answers during the last of the stages but `application`, where that was worth telling. */
  lagMilliseconds: z.number().exactOptional(),
  /** What was wrong with the server's bytes, told by what they broke: `RECORD_TOO_LONG`, `TOO_MANY_BYTES`… */
  violation: text.exactOptional(),
  /** The handshake that gave the flight, or that broke off. */
  messages: z.array(message).exactOptional(),
  flight: flight.exactOptional(),
  /** What a plain-text `GET /version` on the same port got: `answered` by etcd; absent when not asked. */
  plaintext: z.literal(['answered', 'another-service', 'refused', 'silence']).exactOptional(),
});

const milliseconds = z.number();
const count = z.number();

/** One attempt to connect with one credential over one TLS version. */
export type Admission = Deployed<typeof admission>;
const admission = rowsOf({
  presented: z.literal(['nothing', 'foreign', 'client', 'member']),
  /** Path of the certificate file shown, where one was. */
  certificateFile: text.exactOptional(),
  /** SHA-256 of the certificate that stands first in that file, lower-case hex; absent where it could not be read. */
  certificateSha256: text.exactOptional(),
  tlsVersion: z.literal(['1.2', '1.3']),
  /**
   * `admitted` only after an answer of etcd was read: in TLS 1.3 the handshake ends before the server
   * has judged the client, and a proxy's answer proves nothing of etcd. `closed`: the handshake finished and the connection ended without a byte,
   * which is how etcd refuses by SAN, CRL or allowed name.
   */
  outcome: z.literal(['admitted', 'refused', 'closed', 'unreachable', 'unclear']),
  alert: z.int().exactOptional(),
  code: text.exactOptional(),
  /** HTTP status of the answer. */
  httpStatus: z.int().exactOptional(),
  /** The beginning of an answer that is not etcd's, printable and escaped. Hostile text. */
  otherAnswer: text.exactOptional(),
  /** Headers `server` and `via`, which etcd never sends: something in front passed the answer on, or gave it. */
  via: text.exactOptional(),
  /** SHA-256 of the leaf served on this connection, lower-case hex. */
  leafSha256: text.exactOptional(),
  milliseconds,
  /** Our own address as the socket had it: what the peer port compares with SANs, unless NAT is between. */
  localAddress: text.exactOptional(),
});

/** What one TLS connection showed. A balancer in between may show another certificate on the next one. */
export type ConnectionEvidence = Plain<typeof connection>;
const connection = z.object({
  tlsVersion: text,
  /** IANA name. */
  cipherSuite: text,
  /** SHA-256 of the served leaf, lower-case hex. */
  leafSha256: text.exactOptional(),
  alpn: text.exactOptional(),
  localAddress: text.exactOptional(),
});

export type ListedMember = Plain<typeof listedMember>;
const listedMember = z.object({
  id: text,
  /** Empty when the member has never started. */
  name: text,
  peerUrls: texts,
  clientUrls: texts,
  isLearner: z.boolean(),
});

/** The member list as one endpoint gave it to one client library. Ids are lower-case hex. */
export type MemberListObservation = Deployed<typeof memberList>;
const memberList = rowsOf({
  through: z.literal(['grpc', 'etcd3', 'peer-http']),
  outcome: z.literal(['answered', 'failed']),
  /** gRPC status name or a stage code. */
  code: text.exactOptional(),
  /** Escaped and shortened. */
  detail: text.exactOptional(),
  clusterId: text.exactOptional(),
  respondingMemberId: text.exactOptional(),
  members: z.array(listedMember),
  /** How many members were listed, where that is more than `members` holds. */
  listed: z.int().exactOptional(),
  milliseconds,
  /** What the very connection showed over which the list came; absent without TLS and through etcd3. */
  connection: connection.exactOptional(),
});

/** What one endpoint is willing to negotiate, found out by asking. */
export type TlsOffer = Deployed<typeof offer>;
const offer = rowsOf({
  versions: z.array(z.literal(['1.0', '1.1', '1.2', '1.3'])),
  /** IANA names; within a class of suites, the server's favourite first. */
  cipherSuites: z.array(z.object({ tlsVersion: z.literal(['1.2', '1.3']), name: text })),
  /** IANA names such as `x25519`, `X25519MLKEM768`; the server's favourite first. */
  groups: texts,
  /** IANA names of the algorithms that the server signs its handshakes with, favourite first. */
  signatureAlgorithms: texts,
  /** Which of the protocols `h2` and `http/1.1` it picks when each is the only one offered. */
  alpn: texts,
  resumption: z.object({
    ticket12: z.boolean().exactOptional(),
    ticket13: z.boolean().exactOptional(),
  }),
  /**
   * `all`: everything that the server would negotiate was found out. `weak-suites`: only whether it takes
   * one of the cipher suites that are out of use, of which the lists then hold the one it prefers.
   */
  asked: z.literal(['all', 'weak-suites']),
  /** How many connections the questions took. */
  connections: z.int(),
  /** Why the lists may be incomplete; absent when every question was answered. */
  incomplete: text.exactOptional(),
  milliseconds,
});

/** One page that was asked for over HTTP. */
export type PageObservation = Plain<typeof page>;
const page = z.object({
  path: text,
  outcome: z.literal(['answered', 'failed']),
  httpStatus: z.int().exactOptional(),
  code: text.exactOptional(),
  milliseconds,
});

/** One member's counters about another. Ids are lower-case hex. */
export type PeerTraffic = Plain<typeof traffic>;
const traffic = z.object({
  local: text,
  remote: text,
  /** Open streams now. */
  active: count.exactOptional(),
  /** How often the connection was lost since the start. */
  disconnected: count.exactOptional(),
  sentFailures: count.exactOptional(),
});

/** A server's clock between two looks at ours. */
export type ClockReading = Plain<typeof clock>;
const clock = z.object({
  /** ISO 8601. */
  serverTime: instant,
  askedAt: instant,
  answeredAt: instant,
  /** How finely the server tells its time. */
  resolutionMilliseconds: milliseconds,
});

/** What one etcd process says about itself over HTTP, and which clients it answers. Hostile text throughout. */
export type ProcessObservation = Deployed<typeof processObservation>;
const processObservation = rowsOf({
  /** With which credential the pages were asked for; `nothing` where none was needed. */
  presented: z.literal(['nothing', 'foreign', 'client', 'member']),
  pages: z.array(page),
  /** From /version. */
  serverVersion: text.exactOptional(),
  clusterVersion: text.exactOptional(),
  /** From /health, which is left alone before etcd 3.5: there each GET of it goes through raft. */
  healthy: z.boolean().exactOptional(),
  healthReason: text.exactOptional(),
  /** From /metrics: `go1.23.8`. */
  goVersion: text.exactOptional(),
  /** From /metrics. */
  hasLeader: z.boolean().exactOptional(),
  /** From /metrics. ISO 8601. */
  startedAt: instant.exactOptional(),
  /** From /metrics: the member that answered, in lower-case hex. */
  memberId: text.exactOptional(),
  /** From /metrics: which members cannot reach which others. */
  peerTraffic: z.array(traffic).exactOptional(),
  /** From /debug/vars: the arguments of the running process. Settings of environment or file are not there. */
  commandLine: texts.exactOptional(),
  /** From the HTTP `Date` header, or from /raft/probing, which is exact. */
  clock: clock.exactOptional(),
});

/** What etcd knows of the user that a certificate's common name names. Hostile text. */
export type EtcdUser = Plain<typeof user>;
const user = z.object({
  name: text,
  isKnown: z.boolean(),
  /** At most a hundred; none at all lets it do nothing. */
  roles: texts,
});

export type StatusObservation = Deployed<typeof status>;
const status = rowsOf({
  outcome: z.literal(['answered', 'failed']),
  code: text.exactOptional(),
  detail: text.exactOptional(),
  version: text.exactOptional(),
  memberId: text.exactOptional(),
  leaderId: text.exactOptional(),
  isLearner: z.boolean().exactOptional(),
  alarms: z.array(z.object({ memberId: text, alarm: text })).exactOptional(),
  /** From /metrics or /version, where they answered. */
  goVersion: text.exactOptional(),
  errors: texts.exactOptional(),
  clusterId: text.exactOptional(),
  /** Whether etcd's own users and roles are switched on; absent where it would not say. */
  authEnabled: z.boolean().exactOptional(),
  /** Where users are on: whether the certificate may read every key, is no user at all, or neither is sure. */
  rights: z.literal(['every-key', 'not-every-key', 'no-user']).exactOptional(),
  /** Who the client is to them: asked in a survey where they are on, absent where the certificate does not count. */
  user: user.exactOptional(),
});

/** What `verify` alone can see, each as a list of what was seen of every endpoint. */
const liveRows = {
  endpoints: endpointObservation,
  admissions: admission,
  memberLists: memberList,
  statuses: status,
  offers: offer,
  processes: processObservation,
};

type Rows = typeof liveRows;

/** As evidence holds it. */
export type LiveFacts = {
  readonly [Name in keyof Rows]: readonly Plain<Rows[Name]['seen']>[];
};

/** With what the deployment adds. */
export type DeployedLiveFacts = {
  readonly [Name in keyof Rows]: readonly Deployed<Rows[Name]>[];
};

type Tables<Form extends keyof AnyRows> = {
  readonly [Name in keyof Rows]: z.ZodExactOptional<z.ZodArray<Rows[Name][Form]>>;
};

export const liveFacts = tablesOf('seen');
export const deployedLiveFacts = tablesOf('deployed');

function tablesOf<Form extends keyof AnyRows>(form: Form): Tables<Form>;
function tablesOf(form: keyof AnyRows): object {
  return Object.fromEntries(
    Object.entries(liveRows).map(([name, rows]) => [name, z.array(rows[form]).exactOptional()]),
  );
}
