import type { DeployedFacts, FactName, Statements } from './evidence.ts';
import type { Preferences } from './policy.ts';
import type { ProbeRequest } from './probe-plan.ts';

/** Members, clients, files and observations, as they follow from evidence and from what was asked. */
export interface Deployment {
  /** The moment that is judged. ISO 8601 UTC. */
  readonly collectedAt: string;
  readonly facts: Partial<DeployedFacts>;
  /** Why a fact is missing, in words an operator can act on. */
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
  /** Set when nothing was given but a client and what it dials. */
  readonly isClientAlone?: true;
  /** What the operator wants to have looked at, and with which certificate: the clients that options describe. */
  readonly you?: readonly ProbeRequest[];
  /** How the operator wants it judged, by the inventory. */
  readonly preferences?: Preferences;
}

/**
 * What the operator states on the command line; it means the same for files and for saved evidence. All of it but the
 * moment is saved with the evidence.
 */
export interface DeploymentRequest extends Omit<Statements, 'clients'> {
  /** The client that the options describe, like any other. */
  readonly you?: ProbeRequest;
  /** ISO 8601: the moment to judge for, instead of that of the collection. */
  readonly at?: string;
}
