import { type Edge, isRefused, leadsTo, type NextRefusal } from '../../model/forecast.ts';
import type { Admission } from '../../model/live.ts';

/**
 * Whether an attempt like this one is predicted to fail, and the connection is reported for that. What clients reject is
 * no reason for a port to reject them.
 */
export function isExpectedRefusal(edge: Edge, attempt: Admission): boolean {
  const isByClient = edge.refusedBy === 'client' && !edge.next?.some(isByServer);
  return isRefused(edge) && edge.outcome === 'refused' && !isByClient && isLike(edge, attempt);
}

function isByServer({ refusedBy }: NextRefusal): boolean {
  return refusedBy === 'server';
}

/** Whether the connection would show the same certificate at the same port. */
export function isLike(edge: Edge, { endpoint, certificateFile }: Admission): boolean {
  const isSame = edge.credential !== undefined && edge.credential === certificateFile;
  return isSame && leadsTo(edge, endpoint);
}
