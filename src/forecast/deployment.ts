import type { Certificate } from '../model/certificate.ts';
import type { Client, Member } from '../model/inventory.ts';
import type { Address } from '../model/host.ts';
import type { Listeners } from './listener.ts';
import type { FileIndex } from './material.ts';
import type { Surroundings } from './surroundings.ts';

/** What every kind of edge is worked out from. */
export interface Deployment {
  readonly members: readonly Member[];
  readonly clients: readonly Client[];
  readonly files: FileIndex;
  readonly surroundings: Surroundings;
  /** Both ports of a member, loaded once however many edges lead to them. */
  readonly listeners: (member: Member) => Listeners;
  /** The leaf that was seen at an address on the wire; absent where that was not tried or nothing was served. */
  readonly served: (address: Address) => Certificate | undefined;
  /** Whose peer port an address turned out to be on the wire, where it is one. */
  readonly peerSeenAt: (address: Address) => string | undefined;
}
