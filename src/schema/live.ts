import { z } from 'zod';
import { parseHttpUrl } from '../model/host.ts';
import type {
  Admission,
  AtEndpoint,
  ClockReading,
  ConnectionEvidence,
  Endpoint,
  EndpointName,
  EndpointObservation,
  EtcdUser,
  HandshakeMessage,
  ListedMember,
  MemberListObservation,
  PageObservation,
  PeerTraffic,
  ProcessObservation,
  Seen,
  SeenEndpoint,
  ServerFlight,
  Stage,
  StatusObservation,
  TlsOffer,
} from '../model/live.ts';
import { type Complete, instant, oneOf, target, text, texts } from './basics.ts';
import { certificate } from './files.ts';

const endpoint: z.ZodType<SeenEndpoint> = z.object({
  url: nameOfEndpoint(),
  scheme: oneOf<Endpoint['scheme']>()(['https', 'http']),
  host: text,
  port: z.int(),
  serves: oneOf<Endpoint['serves']>()(['client', 'peer', 'metrics']),
  carries: oneOf<NonNullable<Endpoint['carries']>>()(['grpc', 'http']).exactOptional(),
  member: text.exactOptional(),
  seenFrom: text.exactOptional(),
  address: text.exactOptional(),
} satisfies Complete<SeenEndpoint>);

function nameOfEndpoint(): z.ZodType<EndpointName>;
function nameOfEndpoint(): z.ZodType {
  return text;
}

/** The schemas of one kind of observation. */
interface RowsOf<Fact extends AtEndpoint> {
  readonly seen: z.ZodType<Seen<Fact>>;
  readonly deployed: z.ZodType<Fact>;
}

type AnyRows = RowsOf<AtEndpoint>;

/** The schemas of what was seen of endpoints, from that of what was seen alone. */
function rowsOf<Fact extends AtEndpoint>(
  seen: Complete<Omit<Fact, keyof AtEndpoint>>,
): RowsOf<Fact>;
function rowsOf(seen: z.ZodRawShape): object {
  return {
    seen: z.object({ url, host: text.exactOptional(), address: text.exactOptional(), ...seen }),
    deployed: z.object({ target, endpoint, ...seen }),
  };
}

const url = text.refine((value) => parseHttpUrl(value) !== undefined, 'not the URL of an endpoint');

const stage: z.ZodType<Stage> = z.object({
  name: oneOf<Stage['name']>()(['resolve', 'connect', 'first-bytes', 'tls', 'application']),
  outcome: oneOf<Stage['outcome']>()(['ok', 'failed', 'not-reached']),
  milliseconds: z.number(),
  code: text.exactOptional(),
} satisfies Complete<Stage>);

const message: z.ZodType<HandshakeMessage> = z.object({
  from: oneOf<HandshakeMessage['from']>()(['client', 'server']),
  name: text,
  alert: z.int().exactOptional(),
  bytes: z.number(),
  milliseconds: z.number(),
} satisfies Complete<HandshakeMessage>);

const flight: z.ZodType<ServerFlight> = z.object({
  tlsVersion: oneOf<ServerFlight['tlsVersion']>()(['1.2', '1.3']),
  cipherSuite: text,
  group: text.exactOptional(),
  alpn: text.exactOptional(),
  chain: z.array(certificate),
  malformed: z.array(z.object({ index: z.int(), error: text })).exactOptional(),
  sentCertificates: z.int().exactOptional(),
  clientCertificateRequested: z.boolean(),
  acceptableCas: z.array(z.object({ text, raw: text })),
  sentCas: z.int().exactOptional(),
  signatureAlgorithms: z.array(z.int()),
  extendedMasterSecret: z.boolean().exactOptional(),
  milliseconds: z.number(),
} satisfies Complete<ServerFlight>);

const endpointObservation = rowsOf<EndpointObservation>({
  supposed: z.literal(true).exactOptional(),
  assumed: z.literal(true).exactOptional(),
  addresses: texts,
  resolved: z.int().exactOptional(),
  dialled: text.exactOptional(),
  stages: z.array(stage),
  speaks: oneOf<EndpointObservation['speaks']>()([
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
  sample: text.exactOptional(),
  lagMilliseconds: z.number().exactOptional(),
  violation: text.exactOptional(),
  messages: z.array(message).exactOptional(),
  flight: flight.exactOptional(),
  plaintext: oneOf<NonNullable<EndpointObservation['plaintext']>>()([
    'answered',
    'another-service',
    'refused',
    'silence',
  ]).exactOptional(),
});

const milliseconds = z.number();
const count = z.number();

const admission = rowsOf<Admission>({
  presented: oneOf<Admission['presented']>()(['nothing', 'foreign', 'client', 'member']),
  certificateFile: text.exactOptional(),
  certificateSha256: text.exactOptional(),
  tlsVersion: oneOf<Admission['tlsVersion']>()(['1.2', '1.3']),
  outcome: oneOf<Admission['outcome']>()([
    'admitted',
    'refused',
    'closed',
    'unreachable',
    'unclear',
  ]),
  alert: z.int().exactOptional(),
  code: text.exactOptional(),
  httpStatus: z.int().exactOptional(),
  otherAnswer: text.exactOptional(),
  via: text.exactOptional(),
  leafSha256: text.exactOptional(),
  milliseconds,
  localAddress: text.exactOptional(),
});

const connection: z.ZodType<ConnectionEvidence> = z.object({
  tlsVersion: text,
  cipherSuite: text,
  leafSha256: text.exactOptional(),
  alpn: text.exactOptional(),
  localAddress: text.exactOptional(),
} satisfies Complete<ConnectionEvidence>);

const listedMember: z.ZodType<ListedMember> = z.object({
  id: text,
  name: text,
  peerUrls: texts,
  clientUrls: texts,
  isLearner: z.boolean(),
} satisfies Complete<ListedMember>);

const memberList = rowsOf<MemberListObservation>({
  through: oneOf<MemberListObservation['through']>()(['grpc', 'etcd3', 'peer-http']),
  outcome: oneOf<MemberListObservation['outcome']>()(['answered', 'failed']),
  code: text.exactOptional(),
  detail: text.exactOptional(),
  clusterId: text.exactOptional(),
  respondingMemberId: text.exactOptional(),
  members: z.array(listedMember),
  listed: z.int().exactOptional(),
  milliseconds,
  connection: connection.exactOptional(),
});

const offer = rowsOf<TlsOffer>({
  versions: z.array(oneOf<TlsOffer['versions'][number]>()(['1.0', '1.1', '1.2', '1.3'])),
  cipherSuites: z.array(
    z.object({
      tlsVersion: oneOf<TlsOffer['cipherSuites'][number]['tlsVersion']>()(['1.2', '1.3']),
      name: text,
    }),
  ),
  groups: texts,
  signatureAlgorithms: texts,
  alpn: texts,
  resumption: z.object({
    ticket12: z.boolean().exactOptional(),
    ticket13: z.boolean().exactOptional(),
  } satisfies Complete<TlsOffer['resumption']>),
  asked: oneOf<TlsOffer['asked']>()(['all', 'weak-suites']),
  connections: z.int(),
  incomplete: text.exactOptional(),
  milliseconds,
});

const page: z.ZodType<PageObservation> = z.object({
  path: text,
  outcome: oneOf<PageObservation['outcome']>()(['answered', 'failed']),
  httpStatus: z.int().exactOptional(),
  code: text.exactOptional(),
  milliseconds,
} satisfies Complete<PageObservation>);

const traffic: z.ZodType<PeerTraffic> = z.object({
  local: text,
  remote: text,
  active: count.exactOptional(),
  disconnected: count.exactOptional(),
  sentFailures: count.exactOptional(),
} satisfies Complete<PeerTraffic>);

const clock: z.ZodType<ClockReading> = z.object({
  serverTime: instant,
  askedAt: instant,
  answeredAt: instant,
  resolutionMilliseconds: milliseconds,
} satisfies Complete<ClockReading>);

const processObservation = rowsOf<ProcessObservation>({
  presented: oneOf<Admission['presented']>()(['nothing', 'foreign', 'client', 'member']),
  pages: z.array(page),
  serverVersion: text.exactOptional(),
  clusterVersion: text.exactOptional(),
  healthy: z.boolean().exactOptional(),
  healthReason: text.exactOptional(),
  goVersion: text.exactOptional(),
  hasLeader: z.boolean().exactOptional(),
  startedAt: instant.exactOptional(),
  memberId: text.exactOptional(),
  peerTraffic: z.array(traffic).exactOptional(),
  commandLine: texts.exactOptional(),
  clock: clock.exactOptional(),
});

const user: z.ZodType<EtcdUser> = z.object({
  name: text,
  isKnown: z.boolean(),
  roles: texts,
} satisfies Complete<EtcdUser>);

const status = rowsOf<StatusObservation>({
  outcome: oneOf<StatusObservation['outcome']>()(['answered', 'failed']),
  code: text.exactOptional(),
  detail: text.exactOptional(),
  version: text.exactOptional(),
  memberId: text.exactOptional(),
  leaderId: text.exactOptional(),
  isLearner: z.boolean().exactOptional(),
  alarms: z.array(z.object({ memberId: text, alarm: text })).exactOptional(),
  goVersion: text.exactOptional(),
  errors: texts.exactOptional(),
  clusterId: text.exactOptional(),
  authEnabled: z.boolean().exactOptional(),
  rights: oneOf<NonNullable<StatusObservation['rights']>>()([
    'every-key',
    'not-every-key',
    'no-user',
  ]).exactOptional(),
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
  readonly [Name in keyof Rows]: readonly z.infer<Rows[Name]['seen']>[];
};

/** With what the deployment adds. */
export type DeployedLiveFacts = {
  readonly [Name in keyof Rows]: readonly z.infer<Rows[Name]['deployed']>[];
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
