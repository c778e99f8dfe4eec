import type { Certificate } from '../model/certificate.ts';
import { signatureRefusal } from './check-signature-from.ts';
import { currentGo } from './go-release.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';

/**
 * Whether a CA issued a certificate: by name and by key, since a CA that was made again has its old name. Equal
 * key identifiers say that it is the key; elsewhere the signature does, as Go leaves identifiers aside.
 */
export function isIssuer(authority: Certificate, certificate: Certificate): boolean {
  const { subject, subjectKeyId } = authority;
  const { issuer, authorityKeyId } = certificate;
  if (subject.raw !== issuer.raw) return false;
  if (authorityKeyId !== undefined && authorityKeyId === subjectKeyId) return true;
  const hasBoth = authorityKeyId !== undefined && subjectKeyId !== undefined;
  return isSigned(authority, certificate) ?? !hasBoth;
}

/** Undefined where the signature cannot be checked. */
function isSigned(authority: Certificate, certificate: Certificate): boolean | undefined {
  const parent = decodedFor(authority, currentGo);
  const child = decodedFor(certificate, currentGo);
  if (isParseFault(parent) || isParseFault(child)) return undefined;
  const refusal = signatureRefusal(child, parent, currentGo);
  if (refusal === undefined) return true;
  return refusal.kind === 'x509.same-name-other-key' ? false : undefined;
}
