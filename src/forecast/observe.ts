import type { Evidence } from '../model/evidence.ts';
import type { Edge, ObservedEdge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { Admission, EndpointObservation } from '../model/live.ts';
import { effectiveTls } from '../etcd/effective-tls.ts';
import { etcdVersion } from '../etcd/version.ts';
import { canonical, parseEndpoint } from './endpoints.ts';
import { listenerOf } from './listener.ts';
import { type FileIndex, indexFiles } from './material.ts';

/** Puts what was seen beside what was forecast, edge by edge, where the same edge was tried. Pure. */
export function withObservations(edges: readonly Edge[], evidence: Evidence): readonly Edge[] {
  const { admissions, endpoints = [], members = [], files = [] } = evidence.facts;
  if (admissions === undefined && evidence.facts.endpoints === undefined) return edges;

  const seen: Seen = { admissions: admissions ?? [], endpoints, members, files: indexFiles(files) };
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
}

function observe(edge: Edge, seen: Seen): ObservedEdge | undefined {
  const endpoint = seen.endpoints.find((candidate) => isAt(candidate.endpoint.url, edge));
  const tries = seen.admissions.filter(
    (admission) => isAt(admission.endpoint.url, edge) && isSameDialler(admission, edge),
  );
  const verdict = observedOutcome(edge, tries, endpoint);
  if (verdict === undefined) return undefined;

  const differenceMeans = difference(edge, verdict, tries, endpoint, seen);
  return { ...verdict, ...(differenceMeans !== undefined && { differenceMeans }) };
}

function isAt(url: string, { to }: Edge): boolean {
  const [left, right] = [parseEndpoint(url, true), parseEndpoint(to, true)];
  return canonical(left.host) === canonical(right.host) && left.port === right.port;
}

/** Whether an attempt showed what the edge's dialler would show. */
function isSameDialler(admission: Admission, { edge, from, credential }: Edge): boolean {
  const { presented, certificateFile, owner } = admission;
  if (presented === 'nothing')
    return credential === undefined && edge !== 'peer' && from !== 'foreign';
  if (presented === 'foreign') return edge === 'intruder' && from === 'foreign';
  if (credential === undefined) return false;
  return certificateFile === undefined ? owner === from : certificateFile === credential;
}

function observedOutcome(
  edge: Edge,
  tries: readonly Admission[],
  endpoint: EndpointObservation | undefined,
): ObservedEdge | undefined {
  if (endpoint?.speaks === 'unreachable') return unreachable(endpoint);
  if (tries.length === 0) return undefined;

  const outcomes = new Set(tries.map(({ outcome }) => outcome));
  if (outcomes.has('unreachable')) {
    return { outcome: 'unreachable', refusedBy: 'network', ...errorOf(tries, 'unreachable') };
  }
  const refused = outcomes.has('refused') || outcomes.has('closed');
  if (outcomes.has('unclear') || (refused && outcomes.has('admitted')))
    return { outcome: 'unclear' };
  if (refused) return { outcome: 'refused', refusedBy: 'server', ...errorOf(tries, 'refused') };

  // Probes let every server pass, and leave its certificate to be judged here: the forecast did that
  // for the certificate on file, and whether it is the one served is asked below.
  return edge.refusedBy === 'client'
    ? {
        outcome: 'refused',
        refusedBy: 'client',
        ...(edge.clientError !== undefined && { error: edge.clientError }),
      }
    : { outcome: 'accepted' };
}

function unreachable({ stages }: EndpointObservation): ObservedEdge {
  const code = stages.find(({ outcome }) => outcome === 'failed')?.code;
  return {
    outcome: 'unreachable',
    refusedBy: 'network',
    ...(code !== undefined && { error: code }),
  };
}

function errorOf(tries: readonly Admission[], wanted: Admission['outcome']) {
  const telling =
    tries.find(({ outcome }) => outcome === wanted) ??
    tries.find(({ alert, code }) => alert !== undefined || code !== undefined);
  if (telling?.alert !== undefined) return { error: `alert ${telling.alert}` };
  if (telling?.code !== undefined) return { error: telling.code };
  return tries.some(({ outcome }) => outcome === 'closed')
    ? { error: 'the connection was closed after the handshake' }
    : {};
}

/** Why forecast and observation may differ, most telling first; undefined where they agree or cannot be compared. */
function difference(
  edge: Edge,
  observed: ObservedEdge,
  tries: readonly Admission[],
  endpoint: EndpointObservation | undefined,
  seen: Seen,
): string | undefined {
  if (observed.outcome === 'unreachable' || observed.outcome === 'unclear') return undefined;

  const member = seen.members.find(({ name }) => name === edge.member);
  const listener = member && listenerOf(member, edge.port, seen.files);
  const other = listener && otherCertificate(listener.serves, endpoint);
  if (other !== undefined && edge.refusedBy === 'client') return other;
  if (edge.outcome === 'not-sure' || isAsForecast(edge, observed)) return undefined;
  if (other !== undefined) return other;

  const staleCa = member && otherAuthorities(member, edge.port, endpoint, listener?.clientAnchors);
  if (staleCa !== undefined) return staleCa;
  if (edge.refusedBy === 'start') {
    return 'the process runs with other files or settings than these: it would not start with them';
  }
  if (edge.edge === 'peer' || edge.rule === 'etcd.peer-san') {
    const from = tries.find(({ localAddress }) => localAddress !== undefined)?.localAddress;
    const dialler = seen.members.find(({ name }) => name === edge.from);
    if (from !== undefined && dialler?.addresses.includes(from) === false) {
      return `this was tried from ${from}, and not from an address of ${edge.from}: the peer port holds names against the source address`;
    }
  }
  return observed.outcome === 'refused' ? unexpectedRefusal : unexpectedAdmission;
}

const unexpectedRefusal =
  'the process refuses what its files would let in: it was not restarted since its CA file was changed, it reads other files, or something else answers at this address';

const unexpectedAdmission =
  'the process lets in what its files would refuse: it still runs with older settings or an older CA file, or something in front of etcd ends the TLS';

function isAsForecast(edge: Edge, observed: ObservedEdge): boolean {
  return edge.outcome === observed.outcome;
}

function otherCertificate(
  serves: ReturnType<typeof listenerOf>['serves'],
  endpoint: EndpointObservation | undefined,
): string | undefined {
  const leaf = endpoint?.flight?.chain[0];
  if (leaf === undefined || serves.kind !== 'files') return undefined;
  if (leaf.sha256 === serves.chain[0].sha256) return undefined;
  return `another certificate is served than that of ${serves.file}: ${leaf.subject.text}, serial ${leaf.serialNumber}`;
}

/** A process names the CAs that it holds in memory; etcd reads its CA file only when it starts. */
function otherAuthorities(
  member: Member,
  port: Edge['port'],
  endpoint: EndpointObservation | undefined,
  anchors: ReturnType<typeof listenerOf>['clientAnchors'],
): string | undefined {
  const flight = endpoint?.flight;
  const { clientAuthentication } = effectiveTls(
    member.settings,
    port,
    etcdVersion(member.etcdVersion.value),
  );
  if (flight === undefined) return undefined;
  if (flight.clientCertificateRequested !== (clientAuthentication !== 'none')) {
    return flight.clientCertificateRequested
      ? 'the process asks for client certificates, which these settings do not: it runs with others'
      : 'the process asks nobody for a certificate, though these settings do: it runs with others';
  }
  if (anchors?.kind !== 'pool') return undefined;

  const held = new Set(flight.acceptableCas.map(({ raw }) => raw));
  const onFile = new Set(anchors.certificates.map(({ subject }) => subject.raw));
  const isSame = held.size === onFile.size && [...held].every((raw) => onFile.has(raw));
  return isSame
    ? undefined
    : `the process trusts other CAs than ${anchors.file} holds (${flight.acceptableCas.map(({ text }) => text).join('; ')}): restart it after a change of the CA file`;
}
