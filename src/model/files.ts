import type { Certificate, PrivateKey, RevocationList } from './certificate.ts';

/** One file that was looked at, and what a PEM reader like Go's finds in it. Key material never gets here. */
export interface FileFact {
  /** Path as the operator would type it; the key by which everything else refers to the file. */
  readonly path: string;
  /** The host it is on, where evidence of several hosts was put together. */
  readonly host?: string;
  /** Bytes. */
  readonly size: number;
  /** Permission bits, e.g. 0o640; absent where the file came out of a manifest or Secret. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  /** Where a symbolic link leads. */
  readonly linkTarget?: string;
  /** Set when the content could not be read. */
  readonly unreadable?: Unreadable;
  /** In file order, as Go's encoding/pem finds them. */
  readonly blocks: readonly Block[];
  /** What a person sees in the file and Go does not. */
  readonly traps: readonly PemTrap[];
  /** The certificates that a person sees in it, where Go sees no block at all. */
  readonly hidden?: readonly Certificate[];
  /** The first certificate revocation list, whichever encoding; CRLs may be DER files without any block. */
  readonly revocationList?: RevocationList;
  /** What Go says when etcd reads the whole file as a revocation list; empty when it takes it. */
  readonly asRevocationList?: CrlReading;
}

/** Errors of the two functions by which etcd reads revocation lists; absent when there is none. */
export interface CrlReading {
  /** x509.ParseCRL, until etcd 3.5. */
  readonly parseCrl?: string;
  /** x509.ParseRevocationList, since etcd 3.6. */
  readonly parseRevocationList?: string;
}

export type Block = { readonly type: string; readonly line: number } & (
  | { readonly kind: 'certificate'; readonly certificate: Certificate }
  /** What Go says of it depends on the release. The bytes are not kept: they may be anything. */
  | {
      readonly kind: 'malformed-certificate';
      readonly error: string;
      /** From the oldest release to the newest; a reading holds until the next of its kind. */
      readonly readings: readonly CertificateReading[];
    }
  /** `asCertificate`: what Go says when etcd parses this block as a certificate, as it does in CA files. */
  | { readonly kind: 'key'; readonly key: PrivateKey; readonly asCertificate: string }
  | { readonly kind: 'crl'; readonly asCertificate: string }
  | { readonly kind: 'other'; readonly asCertificate: string }
);

/** What Go makes of a block since a release: a certificate or the text of an error. */
export interface CertificateReading {
  /** Such as `1.24.8`. */
  readonly since: string;
  /** Set where GODEBUG has x509negativeserial=1, which counts from Go 1.23 on. */
  readonly acceptsNegativeSerials?: true;
  readonly error?: string;
  /** Set where the error is about a curve that Go does not know. */
  readonly unsupportedCurve?: true;
  readonly certificate?: Certificate;
}

export interface PemTrap {
  readonly kind:
    | 'byte-order-mark'
    | 'indented'
    | 'glued-blocks'
    | 'der'
    | 'key-store'
    | 'utf-16'
    | 'bad-base64'
    | 'truncated'
    | 'empty'
    | 'no-pem';
  readonly line?: number;
  /** One sentence: what is there and what Go makes of it. */
  readonly detail: string;
}

export const unreadableKinds = [
  'missing',
  'denied',
  'directory',
  'not-a-directory',
  'link-loop',
  'not-regular',
  'too-large',
  'too-deep',
  'no-settings',
  /** An absolute link in a copy of a host's files whose target is not in the copy. */
  'outside',
  'other',
] as const;

/** Why the content of a file is not known. */
export interface Unreadable {
  readonly kind: (typeof unreadableKinds)[number];
  /** In the operating system's words where it is that which refused. */
  readonly text: string;
}
