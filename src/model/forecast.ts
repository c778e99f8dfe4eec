import type { Edge } from '../schema/forecast.ts';
import { isHttps } from './host.ts';
import { isAt, type SeenEndpoint } from './live.ts';
import { nameInWords } from './words.ts';

export type { Blame, Edge, NextRefusal, ObservedEdge } from '../schema/forecast.ts';

/** Whether a connection leads to an endpoint that was seen. */
export function leadsTo({ to, member }: Edge, endpoint: SeenEndpoint): boolean {
  return isAt(endpoint, { url: to, member });
}

/** Every credential is tried over TLS, which proves nothing about an initiator that speaks plain text. */
export function takesTls({ to }: Edge): boolean {
  return isHttps(to);
}

/** A connection that the deployment needs and that fails, by prediction or in fact. */
export function isRefused({ wanted, outcome, observed }: Edge): boolean {
  if (wanted !== 'accepted' || observed?.outcome === 'accepted') return false;
  return outcome === 'refused' || observed?.outcome === 'refused';
}

/** What each side says of a refusal, for the cause of a finding. */
export function saysWhat({ clientError, serverError, from, member }: Edge): string | undefined {
  const says = [
    ...(clientError === undefined ? [] : [`${nameInWords(from)} says: ${clientError}`]),
    ...(serverError === undefined ? [] : [`${member ?? 'the server'} logs: ${serverError}`]),
  ];
  return says.length === 0 ? undefined : says.join('\n');
}

/** The moment from which expired certificates cost the quorum, and what has expired by then. */
export interface QuorumLoss {
  /** ISO 8601 UTC. Connections that are open then live on; none that breaks is made again. */
  readonly at: string;
  readonly expired: readonly string[];
}
