import { X509Certificate } from 'node:crypto';
import type { Issued } from '../../testcluster/issue/issue.ts';

export {
  type Authority,
  issueAuthority,
  type Issued,
  issueSelfSigned,
  type KeyKind,
  type LeafOptions,
} from '../../testcluster/issue/issue.ts';
export { inForm } from '../../testcluster/issue/keys.ts';
export { fromPem } from '../../testcluster/issue/der.ts';

/** The serial number as revocation takes it: hex. */
export function serialOf(issued: Issued): string {
  return new X509Certificate(issued.certificatePem).serialNumber.toLowerCase();
}

/** Days from now, back with a negative number. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}
