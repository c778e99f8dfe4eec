import { isHttps } from './host.ts';
import type { About } from './about.ts';
import type { Basis } from './basis.ts';
import { isAt, type SeenEndpoint } from './live.ts';
import type { RefusalRule, Rule } from './refusal.ts';
import type { Location, Target } from './target.ts';

/** One handshake that the deployment implies, and what will come of it by etcd's and Go's rules. */
export interface Edge {
  readonly target: Target;
  /** The cluster that it is part of, where there are several. */
  readonly cluster?: string;
  readonly edge: 'client' | 'peer' | 'self' | 'intruder';
  /** Name of the dialling member or client; for intruders `nobody`, `foreign` or the owner's name. */
  readonly from: string;
  /** The URL dialled. */
  readonly to: string;
  /** The member that listens there; absent when the URL belongs to none. */
  readonly member?: string;
  readonly port: 'client' | 'peer';
  /** File name of the certificate that the dialling side shows; absent when it shows none. */
  readonly credential?: string;
  /** `not-sure` when the answer depends on what files cannot decide; `dependsOn` says on what. */
  readonly outcome: 'accepted' | 'refused' | 'not-sure';
  /** What a sound deployment would have here. Intruders ought to be refused. */
  readonly wanted: 'accepted' | 'refused' | 'either';
  /** `start`: the listening process does not get that far. `never-dials`: the client fails before dialling. */
  readonly refusedBy?: 'client' | 'server' | 'start' | 'never-dials';
  /** Stable id of the rule that decided, e.g. `x509.unknown-authority`, `etcd.peer-san`. */
  readonly rule: Rule;
  /** What the dialling side prints, in the words of its release. */
  readonly clientError?: string;
  /** What the listening side logs, in the words of its release. */
  readonly serverError?: string;
  readonly blame?: Blame;
  /** What the refusal is about; present where the deployment needs the connection. */
  readonly about?: readonly About[];
  readonly remedy?: string;
  /** What would refuse it next, once the first cause is gone. */
  readonly next?: readonly NextRefusal[];
  readonly dependsOn?: readonly string[];
  readonly observed?: ObservedEdge;
  /** The weakest basis of the facts that decided; set when the forecast is judged. */
  readonly basis?: Basis;
}

/** A refusal that a process does not get to, as another comes first. */
export interface NextRefusal {
  readonly refusedBy: 'client' | 'server';
  readonly rule: RefusalRule;
  readonly blame?: Blame;
  readonly remedy?: string;
}

/** The certificate or setting that decided against the connection. */
export interface Blame {
  readonly file?: string;
  readonly location?: Location;
  readonly subject?: string;
  readonly serialNumber?: string;
  readonly sha256?: string;
  /** The hosts or addresses that the certificate does not name, where that is why. */
  readonly names?: readonly string[];
  /** The setting as its problem names it, where one stops the process. */
  readonly setting?: string;
}

/** What `verify` saw when it tried the same edge. */
export interface ObservedEdge {
  readonly outcome: 'accepted' | 'refused' | 'unreachable' | 'unclear';
  readonly refusedBy?: 'client' | 'server' | 'network';
  /** In the words of the side that we were. */
  readonly error?: string;
  /** Absent when forecast and observation agree. */
  readonly differenceMeans?: string;
}

/** Whether a connection leads to an endpoint that was seen. */
export function leadsTo({ to, member }: Edge, endpoint: SeenEndpoint): boolean {
  return isAt(endpoint, { url: to, member });
}

/** A probe over TLS proves nothing about an initiator that speaks plain text, at the same port or not. */
export function speaksAlike({ to }: Edge, { scheme }: SeenEndpoint): boolean {
  return (scheme === 'https') === isHttps(to);
}

/** A connection that the deployment needs and that fails, by prediction or in fact. */
export function isRefused({ wanted, outcome, observed }: Edge): boolean {
  if (wanted !== 'accepted' || observed?.outcome === 'accepted') return false;
  return outcome === 'refused' || observed?.outcome === 'refused';
}

/** What each side says of a refusal, for the cause of a finding. */
export function saysWhat({ clientError, serverError, from, member }: Edge): string | undefined {
  const says = [
    ...(clientError === undefined ? [] : [`${from} says: ${clientError}`]),
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
