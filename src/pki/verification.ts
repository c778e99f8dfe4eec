import type { Certificate } from '../model/certificate.ts';
import type { RefusalRule } from '../model/refusal.ts';
import type { Decoded } from './decode.ts';

/** Why a certificate is not good, in Go's words. */
export interface VerificationError {
  readonly kind: Extract<
    RefusalRule,
    | 'x509.malformed'
    | UntrustedKind
    | 'x509.expired'
    | 'x509.not-yet-valid'
    | 'x509.host-name'
    | 'x509.common-name-only'
    | 'x509.key-usage'
    | 'x509.path-length'
    | 'x509.name-constraints'
    | 'x509.name-mismatch'
    | 'x509.critical-extension'
    | 'x509.signature-limit'
    | 'x509.policies'
  >;
  /** What this release of Go prints. */
  readonly text: string;
  /** The one to blame. */
  readonly certificate?: Certificate;
  /** The near miss that Go names when it finds no authority: the chain ended there. */
  readonly hint?: Hint;
}

/** A chain that does not end in an anchor, by what stopped it at the last candidate. */
type UntrustedKind = Extract<
  RefusalRule,
  | 'x509.unknown-authority'
  | 'x509.same-name-other-key'
  | 'x509.issuer-not-an-authority'
  | 'x509.insecure-signature'
  | 'x509.authority-key-too-small'
>;

/** A candidate that did not sign, or may not have. */
export interface Hint {
  readonly certificate: Certificate;
  readonly text: string;
}

/** Why a signature does not count. */
export interface SignatureFault {
  readonly kind: UntrustedKind;
  readonly text: string;
}

/** A certificate with what Go has of it in memory. */
export interface Link {
  readonly certificate: Certificate;
  readonly decoded: Decoded;
}

/** Leaf first. */
export type Chain = readonly Link[];
