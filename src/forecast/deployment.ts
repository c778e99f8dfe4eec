import type { Client, Member } from '../model/inventory.ts';
import type { FileIndex } from './material.ts';
import type { Surroundings } from './surroundings.ts';

/** What every kind of edge is worked out from. */
export interface Deployment {
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
  readonly files: FileIndex;
  readonly surroundings: Surroundings;
}
