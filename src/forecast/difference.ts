import type { Edge, ObservedEdge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import type { Admission, EndpointObservation } from '../model/live.ts';
import { comparePool } from '../pki/pool-names.ts';
import { type Listener, listenerOf } from './listener.ts';
import type { FileIndex } from './material.ts';

/** An edge, what was seen of it, and what else was seen. */
export interface Comparison {
  readonly edge: Edge;
  readonly observed: ObservedEdge;
  readonly tries: readonly Admission[];
  readonly endpoint: EndpointObservation | undefined;
  readonly members: readonly Member[];
  readonly files: FileIndex;
}

/** What a difference between forecast and observation means; undefined where they agree or cannot be compared. */
export function explainDifference(comparison: Comparison): string | undefined {
  const { edge, observed } = comparison;
  if (observed.outcome === 'unreachable' || observed.outcome === 'unclear') return undefined;

  const listener = listenerOfEdge(comparison);
  const replaced = listener && otherCertificate(listener, comparison.endpoint);
  // What the dialling side made of the certificate on file says nothing of another one.
  if (replaced !== undefined && edge.refusedBy === 'client') return replaced;
  if (edge.outcome === 'not-sure' || edge.outcome === observed.outcome) return undefined;

  return replaced ?? otherReason(comparison, listener);
}

function listenerOfEdge({ edge, members, files }: Comparison): Listener | undefined {
  const member = members.find(({ name }) => name === edge.member);
  return member && listenerOf(member, edge.port, files);
}

function otherReason(comparison: Comparison, listener: Listener | undefined): string {
  const { edge, observed, endpoint } = comparison;
  const authorities = listener && otherAuthorities(listener, endpoint);
  return authorities ?? general(edge, observed);
}

function general({ refusedBy }: Edge, { outcome }: ObservedEdge): string {
  if (refusedBy === 'start') {
    return 'the process runs with files or settings other than these, with which etcd would not start';
  }
  return outcome === 'refused' ? unexpectedRefusal : unexpectedAdmission;
}

const unexpectedRefusal =
  'the process rejects what its files would accept: it was not restarted after its CA file changed, it uses other files, or something else answers at this address';

const unexpectedAdmission =
  'the process accepts what its files would reject: it still runs with older settings or an older CA file, or a proxy in front of etcd terminates TLS';

function otherCertificate(
  { serves }: Listener,
  endpoint: EndpointObservation | undefined,
): string | undefined {
  const leaf = endpoint?.flight?.chain[0];
  if (leaf === undefined || serves.kind !== 'files') return undefined;
  if (leaf.sha256 === serves.chain[0].sha256) return undefined;
  return `the certificate served is not that of ${serves.file}: ${leaf.subject.text}, serial ${leaf.serialNumber}`;
}

/** A process names the CAs that it holds in memory; etcd reads its CA file only when it starts. */
function otherAuthorities(
  { clientAnchors }: Listener,
  endpoint: EndpointObservation | undefined,
): string | undefined {
  const flight = endpoint?.flight;
  if (flight === undefined) return undefined;
  if (flight.clientCertificateRequested !== (clientAnchors !== undefined)) {
    return flight.clientCertificateRequested
      ? 'the process requests client certificates, although these settings do not: it runs with other settings'
      : 'the process requests no client certificate, although these settings do: it runs with other settings';
  }
  if (clientAnchors?.kind !== 'pool') return undefined;

  const { added, removed } = comparePool(clientAnchors.certificates, flight.acceptableCas);
  return added.length === 0 && removed.length === 0
    ? undefined
    : `the process trusts CAs other than those in ${clientAnchors.file} (${flight.acceptableCas.map(({ text }) => text).join('; ')}): restart etcd after changing the CA file`;
}
