import { type Edge, isRefused, leadsTo } from '../../model/forecast.ts';
import type { Admission } from '../../model/live.ts';

/** Whether an attempt like this one is predicted to fail, and the connection is reported for that. */
export function isExpectedRefusal(edge: Edge, attempt: Admission): boolean {
  return isRefused(edge) && edge.outcome === 'refused' && isLike(edge, attempt);
}

/** Whether the connection would show the same certificate at the same port. */
export function isLike(edge: Edge, { endpoint, certificateFile }: Admission): boolean {
  const isSame = edge.credential !== undefined && edge.credential === certificateFile;
  return isSame && leadsTo(edge, endpoint);
}
