import type { Certificate } from '../model/certificate.ts';
import type { Member } from '../model/inventory.ts';
import type { ChainOpinions } from './chain-opinions.ts';
import type { Refusal } from './judgement.ts';

/** What a handshake is judged by, in addition to its two sides. */
export interface Surroundings {
  readonly at: Date;
  /** CAs among the files given. */
  readonly authorities: readonly Certificate[];
  /** The given file that holds a certificate. */
  readonly locate: (certificate: Certificate) => string | undefined;
  readonly opinions: ChainOpinions;
  readonly refusalToStart: (member: Member) => Refusal | undefined;
}
