import type { Certificate } from '../../model/certificate.ts';
import type { Edge } from '../../model/forecast.ts';
import type { Admission, EndpointObservation } from '../../model/live.ts';
import type { VerificationError } from '../../pki/verification.ts';
import type { CauseCode } from '../cause.ts';
import type { Argument } from '../weigh.ts';

export type { Argument };

/** A connection that should have been accepted and was not, with all that is known around it. */
export interface FailedAttempt {
  /** What the endpoint showed to a client without a certificate. */
  readonly observation: EndpointObservation;
  /** The attempt with a credential; absent when it never came to one. */
  readonly admission?: Admission;
  /** The certificate that we showed. */
  readonly shown?: PresentedCertificate;
  /** What the files say that should happen here. */
  readonly edge?: Edge;
  /** Why Go would refuse the served chain with the roots given; absent when it would not. */
  readonly servedRefusal?: ServedRefusal;
  /** The CAs in the member's CA file on disk; absent when that is not known. */
  readonly trustedOnDisk?: readonly Certificate[];
  /** Release that the process was built with, e.g. `1.24.0`; absent when it did not say. */
  readonly goVersion?: string;
  /** What the member's own clock said, as ISO 8601; absent when it is unknown. */
  readonly memberTime?: string;
  /** Whether the peer port of the same member speaks TLS; absent when it was not looked at. */
  readonly peerPortAnswers?: boolean;
  /** Whether all other members that answered have a leader and a stream to every peer, to this one too. */
  readonly peersReachIt?: boolean;
  /** Another member that serves the very same certificate. */
  readonly twin?: Twin;
  /** Other members that serve certificates which verify with the roots given. */
  readonly verifiedMembers?: readonly string[];
  readonly now: Date;
}

export interface Twin {
  readonly member: string;
  /** Whether both addresses lead to one process, by the member id that it gives; absent where one gave none. */
  readonly isSameProcess?: boolean;
}

export interface PresentedCertificate {
  readonly file: string;
  readonly certificate: Certificate;
}

/** What `verify` of src/pki says against a chain, reduced to what distinguishes causes. */
export interface ServedRefusal {
  readonly kind: VerificationError['kind'];
  readonly text: string;
  readonly certificate?: Certificate;
}

/** An argument in one line. */
export function argue(cause: CauseCode, weight: number, because: string): Argument {
  return { cause, weight, because };
}

/**
 * Whether the port rejected the certificate that we showed. Probes accept every served certificate, so what clients
 * make of that one is another fault.
 */
export function isRejectedByServer({ admission }: Pick<FailedAttempt, 'admission'>): boolean {
  return admission?.outcome === 'refused' || admission?.outcome === 'closed';
}

/** A stage of the connection and what its failure argues for. */
export type Expert = (attempt: FailedAttempt) => readonly Argument[];

/**
 * From Go 1.21 on servers have alerts of their own for a missing certificate, an unknown CA and dates. The same release began
 * to answer the extended master secret, which a process shows that rejects everyone and so never tells its release.
 */
export function tellsCausesApart({ goVersion, observation }: FailedAttempt): boolean {
  const [, minor] = /^(?:go)?1\.(\d+)/.exec(goVersion ?? '') ?? [];
  if (minor === undefined) return observation.flight?.extendedMasterSecret === true;
  return Number(minor) >= 21;
}
