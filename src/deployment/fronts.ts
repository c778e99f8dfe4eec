import type { Admission, EndpointName, MemberListObservation } from '../model/live.ts';
import type { Known } from '../model/check.ts';
import { credentialsOf } from './certificate-uses.ts';
import { answeredLists, isOfGrpcProxy } from './member-lists.ts';

/** What connections showed to be between clients and the members. */
export interface Front {
  /**
   * `another-service`: what answers is not etcd and does not pass anything on to it. `tls-end`: a proxy ends
   * TLS and dials etcd itself. `grpc-proxy`: etcd's own proxy, which does the same. `balancer`: TCP or names
   * lead to one member now and to another one next time.
   */
  readonly kind: 'another-service' | 'tls-end' | 'grpc-proxy' | 'balancer';
  readonly because: string;
}

type Seen = Known<
  never,
  'endpoints' | 'admissions' | 'memberLists' | 'processes' | 'files' | 'members' | 'clients'
>;

/** What is in front of the members at a client endpoint; nothing where no sign of it was seen. */
export function frontAt(url: EndpointName, facts: Seen): Front | undefined {
  const attempts = (facts.admissions ?? []).filter(({ endpoint }) => endpoint.url === url);
  const lists = (facts.memberLists ?? []).filter(({ endpoint }) => endpoint.url === url);
  return (
    anotherService(attempts, lists) ??
    grpcProxy(lists) ??
    tlsEnd(url, attempts, facts) ??
    balancer(url, attempts, lists, facts)
  );
}

function anotherService(
  attempts: readonly Admission[],
  lists: readonly MemberListObservation[],
): Front | undefined {
  const other = attempts.find(
    ({ outcome, otherAnswer }) => outcome === 'unclear' && otherAnswer !== undefined,
  );
  const hasEtcd = attempts.some(({ outcome }) => outcome === 'admitted');
  if (other === undefined || hasEtcd || answeredLists(lists).length > 0) return undefined;
  const { via = 'it', httpStatus = 0, otherAnswer = '' } = other;
  return {
    kind: 'another-service',
    because: `${via} answers GET /version with HTTP ${httpStatus}: ${otherAnswer}`,
  };
}

function grpcProxy(lists: readonly MemberListObservation[]): Front | undefined {
  const list = lists.find(isOfGrpcProxy);
  if (list === undefined) return undefined;
  const [listed] = list.members;
  return {
    kind: 'grpc-proxy',
    because: `the member list contains one member without id and peer URLs, ${listed?.name ?? ''}: \`etcd grpc-proxy\` lists itself`,
  };
}

function tlsEnd(
  url: EndpointName,
  attempts: readonly Admission[],
  { endpoints = [] }: Seen,
): Front | undefined {
  const passed = attempts.find(({ via }) => via !== undefined)?.via;
  if (passed !== undefined) {
    return { kind: 'tls-end', because: `response headers show that ${passed} is in between` };
  }
  const flight = endpoints.find(({ endpoint }) => endpoint.url === url)?.flight;
  const answers = attempts.some(({ outcome }) => outcome === 'admitted');
  if (flight === undefined || flight.alpn === 'h2' || !answers) return undefined;
  return {
    kind: 'tls-end',
    because: `etcd answers, but the TLS endpoint negotiates ${flight.alpn ?? 'no protocol'} (ALPN); etcd always negotiates h2`,
  };
}

function balancer(
  url: EndpointName,
  attempts: readonly Admission[],
  lists: readonly MemberListObservation[],
  facts: Seen,
): Front | undefined {
  const flight = facts.endpoints?.find(({ endpoint }) => endpoint.url === url)?.flight;
  const leaves = distinct([
    flight?.chain[0]?.sha256,
    ...attempts.map(({ leafSha256 }) => leafSha256),
    ...lists.map(({ connection }) => connection?.leafSha256),
  ]);
  if (leaves.length > 1) {
    const names = leaves.map((sha256) => ownerOf(sha256, facts) ?? sha256.slice(0, 16));
    return {
      kind: 'balancer',
      because: `connections to ${String(url)} were served different certificates: ${names.join(', ')}`,
    };
  }
  const process = facts.processes?.find(({ endpoint }) => endpoint.url === url);
  const members = distinct([
    process?.memberId,
    ...lists
      .filter(({ through }) => through !== 'peer-http')
      .map(({ respondingMemberId }) => respondingMemberId),
  ]);
  return members.length < 2
    ? undefined
    : {
        kind: 'balancer',
        because: `connections to ${String(url)} reached different members: ${members.join(', ')}`,
      };
}

function distinct(values: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

/** Whose file holds a certificate that was served at a port of that kind. */
export function ownerOf(
  sha256: string,
  { files, members, clients }: Seen,
  role: 'server' | 'peer' = 'server',
): string | undefined {
  if (files === undefined || members === undefined || clients === undefined) return undefined;
  const credential = credentialsOf({ files, members, clients }, role).find(
    ({ leaf }) => leaf.sha256 === sha256,
  );
  return credential?.uses.find((use) => use.role === role)?.owner;
}
