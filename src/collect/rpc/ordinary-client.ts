import { noop } from 'cockatiel';
import {
  Etcd3,
  EtcdAuthenticationFailedError,
  EtcdError,
  EtcdInvalidAuthTokenError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  EtcdRoleExistsError,
  EtcdRoleNotFoundError,
  EtcdRoleNotGrantedError,
  EtcdUserExistsError,
  EtcdUserNotFoundError,
  GRPCGenericError,
} from 'etcd3';
import type { Endpoint, MemberListObservation, Seen } from '../../model/live.ts';
import { joinHostPort } from '../../model/host.ts';
import { publicText } from '../../model/public-text.ts';
import type { Deadline } from '../probes/deadline.ts';
import { type Address, since } from '../probes/dial.ts';
import { alertNumber } from '../probes/error-code.ts';
import { hexId } from './protobuf.ts';
import { memberLimit } from './messages.ts';
import { watchSockets } from './opened-sockets.ts';
import { quietly } from './quietly.ts';

/** What an application would be configured with. */
export interface OrdinaryCredentials {
  readonly rootCertificate: Buffer;
  readonly pem?: { readonly certificate: Buffer | string; readonly key: Buffer | string };
}

/** One of the addresses of an endpoint's name, as an application meets it that connects there. */
export interface OrdinaryTarget {
  readonly address: Address;
  readonly credentials?: OrdinaryCredentials;
}

/** Lists the members as an everyday application does, through etcd3, which judges the server by OpenSSL. */
export async function observeThroughEtcd3(
  endpoint: Endpoint,
  target: OrdinaryTarget,
  deadline: Deadline,
): Promise<Seen<MemberListObservation>> {
  const started = performance.now();
  const outcome = await quietly(() => listMembers(endpoint, target, deadline));
  return { url: endpoint.url, through: 'etcd3', milliseconds: since(started), ...outcome };
}

type Outcome = Pick<MemberListObservation, 'outcome' | 'members'> & Partial<MemberListObservation>;

async function listMembers(
  { scheme, host }: Endpoint,
  { address: { address, port }, credentials }: OrdinaryTarget,
  deadline: Deadline,
): Promise<Outcome> {
  const client = new Etcd3({
    hosts: `${scheme}://${joinHostPort(address, port)}`,
    ...(credentials !== undefined && { credentials: buffers(credentials) }),
    faultHandling: { host: () => noop, global: noop },
    grpcOptions: {
      'grpc.enable_retries': 0,
      'grpc.enable_http_proxy': 0,
      'grpc.service_config_disable_resolution': 1,
      'grpc.use_local_subchannel_pool': 1,
      'grpc.initial_reconnect_backoff_ms': 600_000,
      'grpc.min_reconnect_backoff_ms': 600_000,
      'grpc.default_authority': joinHostPort(host, port),
      // What the certificate has to name, as if etcd3 had resolved the name itself.
      ...(host !== address && { 'grpc.ssl_target_name_override': host }),
    },
  });
  const forget = deadline.onEnd(() => client.close());
  const sockets = watchSockets();
  try {
    const list = await sockets.during(() => askedOf(client, deadline));
    if ('code' in list) return { outcome: 'failed', code: list.code, members: [] };
    sockets.release();
    const members = list.members.slice(0, memberLimit).map((member) => ({
      id: hexId(BigInt(member.ID)),
      name: member.name,
      peerUrls: member.peerURLs.map(publicText),
      clientUrls: member.clientURLs.map(publicText),
      isLearner: member.isLearner,
    }));
    return {
      outcome: 'answered',
      members,
      ...idsIn(list.header),
      ...(list.members.length > memberLimit && { listed: list.members.length }),
    };
  } finally {
    forget();
    client.close();
    sockets.destroy();
  }
}

async function askedOf(client: Etcd3, deadline: Deadline) {
  try {
    // Without an argument it fails before it connects.
    return await client.cluster.memberList({}, { deadline: Date.now() + deadline.left() + 60_000 });
  } catch (error) {
    const code = deadline.code() ?? refusalCode(error);
    if (code === undefined) throw error;
    return { code };
  }
}

/** `etcd grpc-proxy` answers without a header, whatever the types of the library say. */
function idsIn(
  header: { readonly cluster_id: string; readonly member_id: string } | null,
): Pick<Outcome, 'clusterId' | 'respondingMemberId'> {
  if (header === null) return {};
  return {
    clusterId: hexId(BigInt(header.cluster_id)),
    respondingMemberId: hexId(BigInt(header.member_id)),
  };
}

function buffers({ rootCertificate, pem }: OrdinaryCredentials): {
  readonly rootCertificate: Buffer;
  readonly privateKey?: Buffer;
  readonly certChain?: Buffer;
} {
  if (pem === undefined) return { rootCertificate };
  return {
    rootCertificate,
    privateKey: Buffer.from(pem.key),
    certChain: Buffer.from(pem.certificate),
  };
}

// OpenSSL's words in grpc-js's details, which are all that etcd3 keeps, and the codes that Node has for them.
const verificationCodes: readonly (readonly [RegExp, string])[] = [
  [/unable to verify the first certificate/, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  [/unable to get local issuer certificate/, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
  [/self-signed certificate in certificate chain/, 'SELF_SIGNED_CERT_IN_CHAIN'],
  [/self-signed certificate/, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  [/certificate has expired/, 'CERT_HAS_EXPIRED'],
  [/certificate is not yet valid/, 'CERT_NOT_YET_VALID'],
  [/certificate signature failure/, 'CERT_SIGNATURE_FAILURE'],
  [/unsuitable certificate purpose|unsupported certificate purpose/, 'INVALID_PURPOSE'],
];

const answers = [
  EtcdError,
  EtcdAuthenticationFailedError,
  EtcdInvalidAuthTokenError,
  EtcdLeaseInvalidError,
  EtcdPermissionDeniedError,
  EtcdRoleExistsError,
  EtcdRoleNotFoundError,
  EtcdRoleNotGrantedError,
  EtcdUserExistsError,
  EtcdUserNotFoundError,
];

/**
 * Why the connection or etcd refused; undefined for any other error, which is a bug of this program. etcd3 has
 * a class for each status of gRPC that it knows, and for what a server says instead the class that they share:
 * grpc-js begins such a message with the status, `99 undefined: …`.
 */
export function refusalCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !isAnswer(error)) return undefined;
  const alert = alertNumber(error);
  if (alert !== undefined) return `ALERT_${alert}`;
  const verification = verificationCodes.find(([words]) => words.test(error.message))?.[1];
  const inWords = /\b(ERR_[A-Z0-9_]+|E[A-Z]{4,}|ENOTFOUND)\b/.exec(error.message)?.[1];
  return verification ?? inWords ?? statusName(error.constructor.name);
}

function isAnswer(error: Error): boolean {
  if (!(error instanceof GRPCGenericError)) return answers.some((type) => error instanceof type);
  return error.constructor !== GRPCGenericError || /^(?:\d+|NaN) /.test(error.message);
}

/** `GRPCDeadlineExceededError` is etcd3's name of DEADLINE_EXCEEDED. */
function statusName(className: string): string {
  const [, words] = /^(?:GRPC|Etcd)(?!Generic)([A-Za-z]+)Error$/.exec(className) ?? [];
  return words?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() ?? 'UNKNOWN';
}
