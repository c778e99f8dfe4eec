import type { LiveFacts } from '../schema/live.ts';
import type { Endpoint, EndpointObservation } from './live.ts';

export type { ProbeRequest } from '../schema/statements.ts';

/** What `verify` connects to and with which certificates, as data: derived from the deployment. */
export interface ProbePlan {
  readonly endpoints: readonly PlannedEndpoint[];
  /** What is asked of each in addition to its surface: what the checks that run have to know. */
  readonly questions: readonly Question[];
  /** Whether to try clients that must be rejected: without a certificate, and with one of a foreign authority. */
  readonly intruders: boolean;
  readonly credentials: {
    readonly client?: LiveCredential;
    readonly members: readonly LiveCredential[];
  };
  /** PEM file of the CAs that the client trusts; without it the ordinary client library is not tried. */
  readonly trustedCaFile?: string;
}

export type Question = Exclude<keyof LiveFacts, 'endpoints'>;

export interface PlannedEndpoint
  extends Endpoint, Pick<EndpointObservation, 'supposed' | 'assumed'> {}

/** A certificate and key on disk, and whose they are. */
export interface LiveCredential {
  /** A member's or a client's name. */
  readonly owner: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** For a member's: on which port it shows this certificate; absent when on both. */
  readonly serves?: 'client' | 'peer';
}
