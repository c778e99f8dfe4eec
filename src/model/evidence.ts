import type { FileFact } from './files.ts';
import type { Edge } from './forecast.ts';
import type { Client, Guess, Member } from './inventory.ts';
import type { Preferences } from './policy.ts';
import type {
  Admission,
  EndpointObservation,
  MemberListObservation,
  ProcessObservation,
  StatusObservation,
  TlsOffer,
} from './live.ts';

/**
 * Everything the audit observed, and nothing it concluded.
 *
 * Plain data: it can be saved and judged again later or elsewhere. Holds no private key.
 */
export interface Evidence {
  /** The moment that the evidence is judged for; `--at` moves it. ISO 8601 UTC. */
  readonly collectedAt: string;
  readonly facts: Partial<CollectedFacts>;
  /** Why a fact is missing, in words an operator can act on. */
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
  /** How the operator wants it judged, so that it is judged so elsewhere as well. */
  readonly preferences?: Preferences;
}

/**
 * Something that starts or configures a process and mentions etcd, or holds a certificate or key, and that
 * could not be read as the program that it is meant for reads it. A set that has such a file is never PASS.
 */
export interface NotUnderstood {
  /** As the operator would type it. */
  readonly path: string;
  readonly line?: number;
  /** What could not be read and why, in words an operator can act on. Holds no secret. */
  readonly reason: string;
}

/** What can be observed about a cluster. Each fact has exactly one reader or probe. */
export interface CollectedFacts {
  readonly files: readonly FileFact[];
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
  readonly guesses: readonly Guess[];
  /** Files, or parts of files, that look relevant and were not understood. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** Those below are seen by `verify` alone. */
  readonly endpoints: readonly EndpointObservation[];
  readonly admissions: readonly Admission[];
  readonly memberLists: readonly MemberListObservation[];
  readonly statuses: readonly StatusObservation[];
  readonly offers: readonly TlsOffer[];
  readonly processes: readonly ProcessObservation[];
}

/** What checks may ask for: what was collected, and what was forecast from it. */
export interface Facts extends CollectedFacts {
  readonly forecast: readonly Edge[];
}

export type FactName = keyof Facts;
