import type { Location } from './target.ts';
import type { StatedSettings } from './draft.ts';
import type { FileFact } from './files.ts';
import type { Edge, QuorumLoss } from './forecast.ts';
import type { BuildFact } from './build.ts';
import type { HostFact } from './host-facts.ts';
import type { Client, Guess, Member } from './inventory.ts';
import type { Inventory } from './stated-inventory.ts';
import type { DeployedLiveFacts, LiveFacts } from '../schema/live.ts';

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
  readonly facts: Partial<CollectedFacts>;
  /** Why a fact is missing, in words an operator can act on. */
  readonly gaps: Readonly<Partial<Record<FactName, string>>>;
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
  /** The member that reads this at its first start alone: where its settings are. */
  readonly atFirstStartOf?: Location;
  /** Set for settings that were read and that nothing reads which was given. */
  readonly isUnused?: true;
  /** What to do about it, where that is something else than to write it in another form. */
  readonly give?: string;
}

/** A file that was found and changes nothing. */
export interface IgnoredFile {
  /** As the operator would type it. */
  readonly path: string;
  /** The pattern in the inventory that means it. */
  readonly pattern: string;
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
