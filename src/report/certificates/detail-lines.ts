import type { CertificateDetail, PossibleUse } from '../../deployment/certificate-detail.ts';
import type { Certificate, ConstraintSet } from '../../model/certificate.ts';
import { printable } from '../escape.ts';
import { field, type Page } from '../finding-text.ts';
import { counted } from '../../model/words.ts';
import type { CertificateReport } from './index.ts';
import { standingOf } from './standing.ts';

/** Every field that Go reads, and what etcd could use the certificate for. */
export function detailLines(
  { certificate, summary, possibleUses, chain, issued }: CertificateDetail,
  report: CertificateReport,
  page: Page,
): readonly string[] {
  const { notBefore, notAfter, daysLeft, role, owner, files } = summary;
  const standing = standingOf(summary, report);
  const left =
    standing === 'expired'
      ? `expired ${counted(-daysLeft, 'day')} ago`
      : `${standing}, ${counted(daysLeft, 'day')} left`;
  return [
    page.paint.strong(printable(summary.subject === '' ? '(no subject)' : summary.subject)),
    ...field('issuer', summary.issuer, page),
    ...field('serial', summary.serialNumber, page),
    ...field('valid', `${notBefore} to ${notAfter} (${left})`, page),
    ...field('key', `${summary.key}, signed with ${summary.signatureAlgorithm}`, page),
    ...extensionLines(certificate, page),
    ...field('sha-256', summary.sha256, page),
    ...field('files', files.join('\n'), page),
    ...field('used as', role === '' ? 'nothing in this set' : `${role}: ${owner || '-'}`, page),
    ...(issued > 0 ? field('issued', `${counted(issued, 'certificate')} of this set`, page) : []),
    ...(chain.length > 1 ? field('chain', chain.join(' <- '), page) : []),
    ...possibleUses.flatMap((use) => field('in etcd', useInWords(use), page)),
  ];
}

function useInWords({ as, rejected, lacks }: PossibleUse): string {
  if (lacks !== undefined) return `unknown as ${as}: its CA ${lacks} was not given`;
  return rejected === undefined ? `accepted as ${as}` : `rejected as ${as}: ${rejected}`;
}

/** The extensions that Go reads, by label. An absent one has no line, but for the usages: none means any. */
function extensionLines(certificate: Certificate, page: Page): readonly string[] {
  const { subjectAltName, nameConstraints, keyUsage, extendedKeyUsage } = certificate;
  const anyUsage = ['any (no extension)'];
  const values: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['version', [String(certificate.version)]],
    ['DNS SAN', subjectAltName?.dnsNames],
    ['IP SAN', subjectAltName?.ipAddresses],
    ['URI SAN', subjectAltName?.uris],
    ['email SAN', subjectAltName?.emailAddresses],
    ['CA', [authorityInWords(certificate)]],
    ['key usage', keyUsage ?? anyUsage],
    ['ext usage', extendedKeyUsage ?? anyUsage],
    ['permitted', constraintsOf(nameConstraints?.permitted)],
    ['excluded', constraintsOf(nameConstraints?.excluded)],
    ['CRL', certificate.crlDistributionPoints],
    ['key id', optional(certificate.subjectKeyId)],
    ['issuer id', optional(certificate.authorityKeyId)],
    ['critical', certificate.unhandledCriticalExtensions],
  ];
  return values.flatMap(([label, parts]) => field(label, parts?.join(', '), page));
}

function optional(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [value];
}

function authorityInWords({ basicConstraints }: Certificate): string {
  if (basicConstraints?.isCa !== true) return 'no';
  const { maxPathLength } = basicConstraints;
  return maxPathLength === undefined
    ? 'yes'
    : `yes, with at most ${counted(maxPathLength, 'intermediate')}`;
}

function constraintsOf(set: ConstraintSet | undefined): readonly string[] {
  if (set === undefined) return [];
  return [...set.dnsNames, ...set.ipRanges, ...set.uris, ...set.emailAddresses];
}
