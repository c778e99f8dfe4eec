import type { Certificate } from '../model/certificate.ts';
import type { Decoded } from './decode.ts';

/** Why a certificate is not good, in Go's words. */
export interface VerificationError {
  readonly kind:
    | 'malformed'
    | 'unknown-authority'
    | 'expired'
    | 'not-yet-valid'
    | 'host-name'
    | 'key-usage'
    | 'not-an-authority'
    | 'path-length'
    | 'name-constraints'
    | 'name-mismatch'
    | 'critical-extension'
    | 'signature-limit'
    | 'policies';
  /** What this release of Go prints. */
  readonly text: string;
  /** The one to blame. */
  readonly certificate?: Certificate;
  /** The near miss that Go names when it finds no authority. */
  readonly hint?: { readonly certificate: Certificate; readonly text: string };
}

/** A certificate beside what Go has of it in memory. */
export interface Link {
  readonly certificate: Certificate;
  readonly decoded: Decoded;
}

/** Leaf first. */
export type Chain = readonly Link[];
