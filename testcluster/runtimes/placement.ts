import type { Node } from '../nodes.ts';
import type { StartedProcess } from '../processes.ts';

/** Where the members' processes run, and how to get there. */
export interface Placement {
  /** What to put before a command so that it runs where the member does. */
  readonly inside: Readonly<Record<string, readonly string[]>>;
  /** The same for a client of the cluster. */
  readonly client: readonly string[];
  /** The process to end, last, when the cluster goes down. */
  readonly holder?: StartedProcess;
}

/** Plain processes need no preparation. */
export function nativePlacement(nodes: readonly Node[]): Placement {
  return { inside: Object.fromEntries(nodes.map((node) => [node.name, []])), client: [] };
}
