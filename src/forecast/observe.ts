import type { Deployment } from '../model/deployment.ts';
import { type Edge, leadsTo, type ObservedEdge, takesTls } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { Admission, EndpointObservation } from '../model/live.ts';
import { explainDifference } from './difference.ts';
import { complaints } from './forecast.ts';
import { type FileIndex, indexFiles } from './material.ts';
import { isHttps } from '../model/host.ts';

/** Adds what was observed to what was forecast, edge by edge, where the same edge was tried. Pure. */
export function withObservations(edges: readonly Edge[], evidence: Deployment): readonly Edge[] {
  const { admissions, endpoints = [], members = [], files = [] } = evidence.facts;
  if (admissions === undefined && evidence.facts.endpoints === undefined) return edges;

  const seen: Seen = {
    admissions: admissions ?? [],
    endpoints,
    members,
    files: indexFiles(files),
    complaint: complaints(evidence),
  };
  return edges.map((edge) => {
    const observed = observe(edge, seen);
    return observed === undefined ? edge : { ...edge, observed };
  });
}

interface Seen {
  readonly admissions: readonly Admission[];
  readonly endpoints: readonly EndpointObservation[];
  readonly members: readonly Member[];
  readonly files: FileIndex;
  readonly complaint: ReturnType<typeof complaints>;
}

function observe(edge: Edge, seen: Seen): ObservedEdge | undefined {
  // A probe that connects says nothing of a client that never does.
  if (edge.refusedBy === 'never-dials') return undefined;
  const endpoint = seen.endpoints.find((candidate) => leadsTo(edge, candidate.endpoint));
  const tries = seen.admissions.filter(
    (admission) =>
      takesTls(edge) && leadsTo(edge, admission.endpoint) && isSameInitiator(admission, edge),
  );
  const verdict = observedOutcome(edge, tries, endpoint, seen);
  if (verdict === undefined) return undefined;

  const differenceMeans = explainDifference({ edge, observed: verdict, tries, endpoint, ...seen });
  return { ...verdict, ...(differenceMeans !== undefined && { differenceMeans }) };
}

/** Whether an attempt showed what the edge's initiator would show. */
function isSameInitiator(admission: Admission, { edge, from, credential }: Edge): boolean {
  const { presented, certificateFile } = admission;
  if (presented === 'nothing')
    return credential === undefined && edge !== 'peer' && from !== 'foreign';
  if (presented === 'foreign') return edge === 'intruder' && from === 'foreign';
  return credential !== undefined && certificateFile === credential;
}

function observedOutcome(
  edge: Edge,
  tries: readonly Admission[],
  endpoint: EndpointObservation | undefined,
  seen: Seen,
): ObservedEdge | undefined {
  if (endpoint?.speaks === 'unreachable') return unreachable(endpoint);
  if (tries.length === 0) return undefined;
  const elsewhere = triedElsewhere(edge, tries, seen);
  if (elsewhere !== undefined) return { outcome: 'unclear', error: elsewhere };

  const error = errorOf(tries);
  switch (combined(tries)) {
    case 'unreachable':
      return { outcome: 'unreachable', refusedBy: 'network', ...error };
    case 'unclear':
      return { outcome: 'unclear' };
    case 'refused':
      return { outcome: 'refused', refusedBy: 'server', ...error };
    case 'admitted':
      return admitted(edge, endpoint, seen);
  }
}

/**
 * The peer port compares the names in a certificate with the source address, once the handshake is
 * over: a probe from another host than the member's proves nothing of the member then.
 */
function triedElsewhere(
  { port, from }: Edge,
  tries: readonly Admission[],
  { members }: Seen,
): string | undefined {
  if (port !== 'peer' || !tries.every(({ outcome }) => outcome === 'closed')) return undefined;
  const address = tries.find(({ localAddress }) => localAddress !== undefined)?.localAddress;
  const initiator = members.find(({ name }) => name === from);
  if (address === undefined || initiator === undefined || initiator.addresses.includes(address)) {
    return undefined;
  }
  return `closed after the handshake: the attempt came from ${address}, which is not an address of ${from}`;
}

/** Attempts over several TLS versions have to agree. */
function combined(tries: readonly Admission[]): 'admitted' | 'refused' | 'unclear' | 'unreachable' {
  const outcomes = new Set(
    tries.map(({ outcome }) => (outcome === 'closed' ? 'refused' : outcome)),
  );
  const [only = 'unclear', ...others] = outcomes;
  if (outcomes.has('unreachable')) return 'unreachable';
  return others.length > 0 ? 'unclear' : only;
}

/**
 * Probes let every server pass, and leave its certificate to be judged here: the forecast did that for
 * the certificate on file, and whether it is the one that is served is asked afterwards. Where no member is known
 * there is none on file, and what is served decides.
 */
function admitted(
  edge: Edge,
  endpoint: EndpointObservation | undefined,
  { complaint }: Seen,
): ObservedEdge {
  const { refusedBy, clientError } = edge;
  const rejected = isLeftOpen(edge) ? complaint(edge, endpoint?.flight?.chain ?? []) : undefined;
  if (refusedBy !== 'client' && rejected === undefined) {
    return isPeerPortForClient(edge, endpoint)
      ? { outcome: 'refused', refusedBy: 'server', error: 'a peer port, which serves no client' }
      : { outcome: 'accepted' };
  }
  const error = rejected ?? clientError;
  return { outcome: 'refused', refusedBy: 'client', ...(error !== undefined && { error }) };
}

/** The probe reads a page there that clients of etcd have no use for; without TLS a peer port served them until 3.6. */
function isPeerPortForClient({ edge, to }: Edge, seen: EndpointObservation | undefined): boolean {
  return edge === 'client' && isHttps(to) && seen?.endpoint.serves === 'peer';
}

/** Whether the forecast knows no certificate to judge, or not which fault of it comes first. */
function isLeftOpen({ edge, rule, refusedBy, clientError }: Edge): boolean {
  if (refusedBy === 'client') return clientError === undefined;
  return edge === 'client' && rule === 'endpoint.no-member';
}

function unreachable({ stages }: EndpointObservation): ObservedEdge {
  const code = stages.find(({ outcome }) => outcome === 'failed')?.code;
  return {
    outcome: 'unreachable',
    refusedBy: 'network',
    ...(code !== undefined && { error: code }),
  };
}

function errorOf(tries: readonly Admission[]): Pick<ObservedEdge, 'error'> {
  const alert = tries.find((attempt) => attempt.alert !== undefined)?.alert;
  if (alert !== undefined) return { error: `alert ${alert}` };
  if (tries.some(({ outcome }) => outcome === 'closed')) {
    return { error: 'the connection was closed after the handshake' };
  }
  const code = tries.find((attempt) => attempt.code !== undefined)?.code;
  return code === undefined ? {} : { error: code };
}
