import type { Node, Runtime } from './nodes.ts';
import type { Plan, SettingsName } from './plan.ts';
import type { StartedProcess } from './processes.ts';
import type { Ended, RunOptions } from './run.ts';
import type { Compose } from './runtimes/compose.ts';
import type { Placement } from './runtimes/placement.ts';

/** A real etcd cluster that is running, or trying to. */
export interface Cluster extends AsyncDisposable {
  readonly runtime: Runtime;
  /** etcd's version. */
  readonly version: string;
  readonly goVersion: string;
  readonly plan: Plan;
  /** The directory of everything that is audited: settings, and certificates in `certs`. */
  readonly set: string;
  readonly certificates: string;
  readonly members: readonly ClusterMember[];
  readonly handle: Handle;
  logs(member: string): Promise<string>;
  isRunning(member: string): Promise<boolean>;
  /** Runs a command where a client of the cluster would be, or where a member is. */
  run(command: string, parameters: readonly string[], options?: WhereToRun): Promise<Ended>;
  /** Runs etcdctl with all endpoints and the client's certificate. */
  etcdctl(...parameters: readonly string[]): Promise<Ended>;
  stop(): Promise<void>;
}

export interface ClusterMember {
  readonly name: string;
  readonly node: Node;
  readonly clientUrl: string;
  readonly peerUrl: string;
}

export interface WhereToRun extends RunOptions {
  /** A member's name; the client's place when absent. */
  readonly inside?: string;
}

export interface ClusterOptions {
  readonly runtime: Runtime;
  /** A release such as `3.5.16` or a series; what is installed when absent. */
  readonly etcd?: string;
  /** `fixed` when absent. */
  readonly settings?: SettingsName;
  /** Instead of `settings`: any other cluster. */
  readonly plan?: (nodes: readonly Node[]) => Plan;
  readonly keys?: 'ecdsa' | 'rsa';
  /** A new directory below the system's temporary one, which is removed again, when absent. */
  readonly directory?: string;
  /** Only plain processes take other ports than 2379 and 2380. */
  readonly ports?: 'default' | 'free';
  /** Variables for every member in addition to those that are audited. */
  readonly tuning?: Readonly<Record<string, string>>;
  /** Members that cannot get ready, so that they are not waited for. */
  readonly unready?: readonly string[] | 'everybody';
  readonly deadlineMilliseconds?: number;
}

/** What ending a cluster takes, as data: another process may have to do it. */
export interface Handle {
  readonly runtime: Runtime;
  /** By member; empty with Docker. */
  readonly processes: Readonly<Record<string, StartedProcess>>;
  readonly placement: Placement;
  readonly compose?: Compose;
}
