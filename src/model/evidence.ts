import type { IgnoredFile } from '../schema/evidence.ts';
import type { NotUnderstood, StatedSettings } from '../schema/settings.ts';
import type { Statements } from '../schema/statements.ts';
import type { FileFact } from './files.ts';
import type { Edge, QuorumLoss } from './forecast.ts';
import type { BuildFact, HostFact } from './host-facts.ts';
import type { Client, Guess, Member } from './inventory.ts';
import type { Inventory } from './stated-inventory.ts';
import type { DeployedLiveFacts, LiveFacts } from '../schema/live.ts';

export type { NotUnderstood } from '../schema/settings.ts';
export type { IgnoredFile } from '../schema/evidence.ts';
export type { Statements } from '../schema/statements.ts';

/**
 * Everything the audit observed, and nothing it concluded.
 *
 * Plain data: it can be saved and judged again later or elsewhere. Holds no private key.
 */
export interface Evidence {
  /** When it was collected. ISO 8601 UTC. */
  readonly collectedAt: string;
  /** The host it comes from; absent when that was not given, or when it comes from several. */
  readonly host?: string;
  /** What the options of the run stated that collected it; absent where they stated nothing. */
  readonly stated?: Statements;
  readonly facts: Partial<CollectedFacts>;
  /** Why a fact is missing, in words an operator can act on. */
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
}

/** What can be observed about a cluster. Each fact has exactly one reader or probe. */
export interface CollectedFacts extends LiveFacts {
  readonly files: readonly FileFact[];
  /** Paths of the other text files that were read; deployed paths may mean them. */
  readonly texts: readonly string[];
  /** Directories of which every file was looked at: what is not among the files does not exist there. */
  readonly directories: readonly string[];
  /** Directories with a write-ahead log of etcd, which a member has once it has started. */
  readonly writeAheadLogs: readonly string[];
  /** What settings files say, before any version of etcd has read it. */
  readonly settings: StatedSettings;
  /** Accounts and directories, where settings name a user that a process runs as. */
  readonly hosts: readonly HostFact[];
  /** How the etcd programs that were given were built. */
  readonly builds: readonly BuildFact[];
  /** What the operator wrote down. */
  readonly inventory: Inventory;
  /** Files, or parts of files, that look relevant and were not understood. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** Files that change nothing because the inventory says so. */
  readonly ignored: readonly IgnoredFile[];
}

/** What follows from the evidence: members and clients, in addition to what was seen of them. */
export interface DeployedFacts extends DeployedLiveFacts {
  readonly files: readonly FileFact[];
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
  readonly guesses: readonly Guess[];
  /** Files, or parts of files, that look relevant and were not understood. */
  readonly notUnderstood: readonly NotUnderstood[];
  /** Files that change nothing because the inventory says so. */
  readonly ignored: readonly IgnoredFile[];
}

/** What checks may ask for: the deployment, and what was forecast from it. */
export interface Facts extends DeployedFacts {
  readonly forecast: readonly Edge[];
  /** Absent where no expiry costs the quorum. */
  readonly quorumLoss: QuorumLoss;
}

export type FactName = keyof Facts;

/** What is known without a running cluster; every other fact is seen by `verify` alone. */
export const offlineFacts = [
  'files',
  'members',
  'clients',
  'guesses',
  'notUnderstood',
  'ignored',
  'forecast',
  'quorumLoss',
] as const satisfies readonly Exclude<FactName, keyof LiveFacts>[];

const offline: ReadonlySet<string> = new Set(offlineFacts);

/** Whether `verify` alone can see it. */
export function isLive(name: string): boolean {
  return !offline.has(name);
}
