import type { Edge } from '../../model/forecast.ts';
import type { Admission } from '../../model/live.ts';

/** A handshake that ought to succeed and will not. What was seen to succeed is none. */
export function isRefused(edge: Edge): boolean {
  return (
    edge.wanted === 'accepted' &&
    edge.outcome === 'refused' &&
    edge.observed?.outcome !== 'accepted'
  );
}

/** Whether a forecast already says that an attempt like this one fails. */
export function isExpectedRefusal(
  edge: Edge,
  { endpoint, owner, certificateFile }: Admission,
): boolean {
  if (edge.outcome !== 'refused' || edge.to !== endpoint.url) return false;
  return (
    edge.from === owner || (edge.credential !== undefined && edge.credential === certificateFile)
  );
}

/** `what it says, by which side`, for the cause of a finding. */
export function saysWhat({ clientError, serverError, from, member }: Edge): string | undefined {
  const says = [
    ...(clientError === undefined ? [] : [`${from} says: ${clientError}`]),
    ...(serverError === undefined ? [] : [`${member ?? 'the server'} logs: ${serverError}`]),
  ];
  return says.length === 0 ? undefined : says.join('\n');
}
