import type { CertificateDetail, PossibleUse } from '../../deployment/certificate-detail.ts';
import type { UnusedExtensions } from '../../deployment/unused-extensions.ts';
import type { Certificate, ConstraintSet } from '../../model/certificate.ts';
import { printable } from '../escape.ts';
import { field, type Page } from '../finding-text.ts';
import { counted } from '../../model/words.ts';
import type { CertificateReport } from './index.ts';
import { standingOf } from './standing.ts';

/** Every field of the certificate, and what etcd could use the certificate for. */
export function detailLines(
  { certificate, summary, unused, possibleUses, chain, issued }: CertificateDetail,
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
    ...field('valid', `${second(notBefore)} to ${second(notAfter)} (${left})`, page),
    ...field('key', `${summary.key}, signed with ${summary.signatureAlgorithm}`, page),
    ...extensionLines(certificate, unused, page),
    ...field('sha-256', summary.sha256, page),
    ...field('files', files.join('\n'), page),
    ...field('used as', usedAs(role, owner), page),
    ...(issued > 0 ? field('issued', `${counted(issued, 'certificate')} of this set`, page) : []),
    ...(chain.length > 1 ? field('chain', chain.join(' <- '), page) : []),
    ...possibleUses.flatMap((use) => field('in etcd', useInWords(use), page)),
  ];
}

function usedAs(role: string, owner: string): string {
  if (role === '') return 'nothing in this set';
  return owner === '' ? role : `${role}: ${owner}`;
}

function useInWords({ as, rejected, lacks }: PossibleUse): string {
  if (lacks !== undefined) return `unknown as ${as}: its CA ${lacks} was not given`;
  return rejected === undefined ? `accepted as ${as}` : `rejected as ${as}: ${rejected}`;
}

/** The extensions, by label. An absent one has no line, but for the usages: none means any. */
function extensionLines(
  certificate: Certificate,
  unused: UnusedExtensions,
  page: Page,
): readonly string[] {
  const { subjectAltName, nameConstraints, keyUsage, extendedKeyUsage } = certificate;
  const anyUsage = ['any (no extension)'];
  const values: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['version', [String(certificate.version)]],
    ['DNS SAN', subjectAltName?.dnsNames],
    ['IP SAN', subjectAltName?.ipAddresses],
    ['URI SAN', subjectAltName?.uris],
    ['email SAN', subjectAltName?.emailAddresses],
    ['other SAN', otherNames(subjectAltName?.otherNames)],
    ['CA', [authorityInWords(certificate)]],
    ['key usage', keyUsage ?? anyUsage],
    ['ext usage', extendedKeyUsage ?? anyUsage],
    ['permitted', constraintsOf(nameConstraints?.permitted)],
    ['excluded', constraintsOf(nameConstraints?.excluded)],
    ['CRL', certificate.crlDistributionPoints],
    ['OCSP', unused.ocsp],
    ['CA at', unused.issuerUrls],
    ['policies', unused.policies],
    ['key id', optional(certificate.subjectKeyId)],
    ['issuer id', optional(certificate.authorityKeyId)],
    ['critical', unused.critical.map((id) => extensionNames.get(id) ?? id)],
    ['unhandled', certificate.unhandledCriticalExtensions],
    ['other ext', unused.others],
  ];
  return values.flatMap(([label, parts]) => field(label, parts?.join(', '), page));
}

const extensionNames: ReadonlyMap<string, string> = new Map([
  ['2.5.29.15', 'key usage'],
  ['2.5.29.17', 'SAN'],
  ['2.5.29.19', 'CA'],
  ['2.5.29.30', 'name constraints'],
  ['2.5.29.37', 'ext usage'],
]);

/** Names of kinds that Go ignores. */
function otherNames(count: number = 0): readonly string[] {
  return count === 0 ? [] : [`${counted(count, 'name')} of kinds that Go ignores`];
}

/** Certificates know no fractions of a second. */
function second(moment: string): string {
  return moment.replace(/\.000Z$/, 'Z');
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
