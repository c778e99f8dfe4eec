import type { CauseCode } from '../../src/diagnoses/cause.ts';
import type { Changes } from '../faults/fault.ts';
import type { Node } from '../nodes.ts';
import type { Scene } from './scene.ts';

/** What `verify` is asked, where it is not simply given the whole set. */
export interface Asked {
  /** Arguments of `verify`. */
  readonly parameters: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** The namespace of a member; that of a client of the cluster when absent. */
  readonly inside?: string;
}

/** A cluster that situations share, or that one of them has for itself. */
export interface Stage {
  readonly members: 1 | 3 | 5 | 7;
  readonly changes?: Changes;
  /** Addresses other than the usual ones. */
  readonly nodes?: (nodes: readonly Node[]) => readonly Node[];
  /** Members that never get ready, or that are not started by the stage. */
  readonly unready?: readonly string[];
  /** Members whose process is ended as soon as the stage is up: they never were part of the cluster. */
  readonly absent?: readonly string[];
  readonly tuning?: Readonly<Record<string, string>>;
}

/** Something an operator meets, on real etcd, and what is true of it. */
export interface Situation {
  readonly name: string;
  /** As one statement. */
  readonly what: string;
  /** The name of a shared stage, or a stage of its own. */
  readonly on: string | Stage;
  /** Makes it happen, and says what `verify` is asked. What it changes in a shared stage it undoes (`scene.later`). */
  readonly arrange?: (scene: Scene) => Asked | void | Promise<Asked | void>;
  /** Check ids and causes, any of which the first finding may be; none where nothing is wrong. */
  readonly verify: readonly string[];
  /** Check ids and causes, each of which has to be among the findings, whichever is first. */
  readonly all?: readonly string[];
  /** Check ids that are true as well. */
  readonly also?: readonly string[];
  /** 2 where the input is not accepted at all, and there is no report. */
  readonly exit: 0 | 1 | 2 | 3;
  /** Causes that `explain` may name for what the members logged meanwhile; absent where any line is a matter of luck. */
  readonly explain?: readonly CauseCode[];
  readonly since?: string;
}
