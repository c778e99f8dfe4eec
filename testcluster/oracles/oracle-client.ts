import type { Cluster } from '../types.ts';
import type { ClientAccess } from './client-access.ts';

/** A real program that connects to etcd, one release of it. */
export interface Program {
  readonly release: string;
  /** What it was built with, where it is written in Go. */
  readonly goVersion?: string;
  /** The program and the parameters that come before all others. */
  readonly command: readonly [string, ...string[]];
}

/** What came of one connection, by the program's own words. */
export interface Answer {
  readonly to: string;
  readonly outcome: 'accepted' | 'refused';
  readonly words: readonly string[];
}

export interface Visit {
  readonly program: Program;
  /** With the paths at which the files really are. */
  readonly given: ClientAccess;
  readonly cluster: Cluster;
  /** Empty, for what the program writes. */
  readonly directory: string;
}

/** A client of etcd whose real behaviour is compared with the forecast. Each is in a file of its own. */
export interface OracleClient {
  readonly name: string;
  /** Where the program comes from, in words. */
  readonly source: string;
  /** Whether it takes so long to get or to ask that CI leaves it out. */
  readonly slow?: true;
  /** It is given several endpoints; one where absent. */
  readonly members?: 3;
  /** Asks the JSON gateway, which fails too where the member's connection to itself does. */
  readonly gateway?: true;
  /** Its settings as users write them, by file name: all that the audit gets of it. */
  settings(given: ClientAccess): Readonly<Record<string, string>>;
  /** The releases at hand. Rejects with the reason when there is none. */
  programs(): Promise<readonly Program[]>;
  connect(visit: Visit): Promise<readonly Answer[]>;
  /** Its TLS library refuses a server with another alert than Go's and OpenSSL's, or with none. */
  readonly ownAlerts?: true;
  /** Which part of a predicted text the program prints; undefined for a text that it puts otherwise. */
  prints?(predicted: string): string | undefined;
}
