import type { MemberListObservation, Seen, StatusObservation } from '../../model/live.ts';
import type { ClusterTarget } from '../rpc/cluster-calls.ts';
import type { OrdinaryTarget } from '../rpc/ordinary-client.ts';
import { usable } from './credentials.ts';
import type { Reader } from './reader.ts';
import type { ReachedEndpoint } from './reached-endpoint.ts';

/** What the cluster said through either client library; empty where it is no port for clients. */
export interface ClusterFacts {
  readonly memberList?: Seen<MemberListObservation>;
  readonly ordinary?: Seen<MemberListObservation> | undefined;
  readonly status?: Seen<StatusObservation>;
}

/** gRPC is on client ports alone; it is loaded when the first of them has shown that it lives. */
export async function askCluster(row: ReachedEndpoint, reader: Reader): Promise<ClusterFacts> {
  const { endpoint, context, deadline } = row;
  if (endpoint.serves !== 'client' || endpoint.carries === 'http') return {};
  if (reader.code !== undefined) return unansweredQuestions(row, reader.code);
  await context.surfaces.quiet();
  const isAsked = endpoint.scheme !== 'https' || context.rootCertificate !== undefined;
  // Both before either connects: while they load, nothing else runs, and a member would look slow.
  const { observeCluster } = await import('../rpc/cluster-calls.ts');
  const ordinaryClient = isAsked ? await import('../rpc/ordinary-client.ts') : undefined;
  const [answers, ordinary] = await Promise.all([
    observeCluster(endpoint, targetOf(row, reader), deadline),
    ordinaryClient?.observeThroughEtcd3(endpoint, ordinaryTarget(row), deadline),
  ]);
  return { ...answers, ordinary };
}

function targetOf(
  { endpoint, address, context: { survey, userSurvey } }: ReachedEndpoint,
  { credential, isPlain = false }: Reader,
): ClusterTarget {
  const { host } = endpoint;
  const tls = !isPlain && credential && { context: credential.context('any'), host };
  const commonName = credential?.leaf?.subject.commonName ?? '';
  return {
    address,
    host,
    ...(survey && { survey: userSurvey }),
    ...(tls && { tls }),
    ...(commonName !== '' && { commonName }),
  };
}

/** A rejected reader's code replaces the answers: asking again would only fill logs. */
function unansweredQuestions(
  { endpoint: { url }, context }: ReachedEndpoint,
  code: string,
): ClusterFacts {
  const failed = { url, outcome: 'failed', code } as const;
  const list = { ...failed, members: [], milliseconds: 0 };
  return {
    memberList: { ...list, through: 'grpc' },
    status: failed,
    ...(context.rootCertificate !== undefined && { ordinary: { ...list, through: 'etcd3' } }),
  };
}

function ordinaryTarget({
  endpoint: { scheme },
  address,
  context: { rootCertificate, client },
}: ReachedEndpoint): OrdinaryTarget {
  if (scheme === 'http' || rootCertificate === undefined) return { address };
  const pem = usable(client)?.pem;
  return { address, credentials: { rootCertificate, ...(pem && { pem }) } };
}
