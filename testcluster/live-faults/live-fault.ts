import type { CauseCode } from '../../src/diagnoses/cause.ts';
import type { Cluster } from '../cluster.ts';
import type { Changes } from '../faults/fault.ts';
import type { Node, Runtime } from '../nodes.ts';

/** A cluster that serves, at the moment when something is about to happen to it. */
export interface Scene {
  readonly cluster: Cluster;
  /** What to undo before the cluster is taken down. */
  readonly later: (() => Promise<void>)[];
}

/** What the files cannot show: it happens to a running cluster. */
export interface LiveFault {
  readonly name: string;
  /** The fault as one statement. */
  readonly what: string;
  /** What the cluster is started with, where that differs from the sound one. */
  readonly starts?: () => Changes;
  /** The machines, where the usual addresses would not show it. */
  readonly nodes?: (nodes: readonly Node[]) => readonly Node[];
  readonly members?: 1 | 3;
  readonly inject?: (scene: Scene) => void | Promise<void>;
  /** What may be named; nothing at all where nothing is wrong. */
  readonly verify: readonly CauseCode[];
  /** Whether it takes `--survey` to detect it. */
  readonly survey?: boolean;
  /** Only the hosts themselves can distinguish the causes: all of them have to be named as possible. */
  readonly isUndecided?: boolean;
  /** The same of etcd's log; empty where this etcd has nothing to write. */
  readonly explain: readonly CauseCode[];
  /** What is also true of the log: the open connections had to be cut. */
  readonly alsoTrue?: readonly CauseCode[];
  /** The first etcd that writes nothing about it any more. */
  readonly quietSince?: string;
  /** Where it can be made to happen; plain processes when absent. */
  readonly runtime?: Runtime;
  /** Whether it is tried in containers as well. */
  readonly inContainers?: boolean;
  readonly since?: string;
}
