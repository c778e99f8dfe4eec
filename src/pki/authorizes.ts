import type { Certificate } from '../model/certificate.ts';
import { refuseKey } from './check-signature.ts';
import type { GoRelease } from './go-release.ts';
import type { Usage } from './key-usage.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';
import type { VerificationError } from './verification.ts';
import { verify } from './verify.ts';

/** Which certificates a Go program accepts because of one in its pool of CAs. */
export type Authorized =
  /** Those that it issued. */
  | { readonly kind: 'issued' }
  /** Itself alone: Go verifies no issuer of what is in the pool. */
  | { readonly kind: 'itself' }
  | { readonly kind: 'none'; readonly error: VerificationError };

/**
 * Dates, critical extensions and extended key usages of a CA count for all that it issues, so that Go accepts nothing
 * below a certificate that it would not accept itself (crypto/x509 Certificate.Verify).
 */
export function authorizedBy(
  authority: Certificate,
  { usage, at, go }: { readonly usage: Usage; readonly at: Date; readonly go: GoRelease },
): Authorized {
  const own = verify(authority, { roots: [authority], intermediates: [], usage, at, go });
  if (!own.ok) return { kind: 'none', error: own.error };
  if (!maySign(authority)) return { kind: 'itself' };
  const decoded = decodedFor(authority, go);
  // A key by which nothing can be verified signs no handshake either.
  const fault = isParseFault(decoded) ? undefined : refuseKey(decoded.key, go);
  return fault === undefined
    ? { kind: 'issued' }
    : { kind: 'none', error: { ...fault, certificate: authority } };
}

/** Certificate.CheckSignatureFrom, before it looks at the signature. */
function maySign({ version, basicConstraints, keyUsage = [] }: Certificate): boolean {
  const isAuthority = basicConstraints?.isCa ?? version < 3;
  return isAuthority && (keyUsage.length === 0 || keyUsage.includes('keyCertSign'));
}
