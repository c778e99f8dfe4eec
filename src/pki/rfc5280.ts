import type { Certificate } from '../model/certificate.ts';
import { fromBase64, toLatin1 } from './bytes.ts';
import { DerReader, type Element, explicitTag, tag } from './der-reader.ts';
import type { Extension } from './extensions.ts';
import { currentGo } from './go-release.ts';
import { isParseFault } from './malformed.ts';
import { decodedFor } from './parse-certificate.ts';

/** What RFC 5280 says against a certificate that Go takes. */
export interface Rfc5280Complaint {
  /** The section. */
  readonly clause: string;
  /** One sentence. */
  readonly text: string;
}

type Rule = (
  certificate: Certificate,
  extensions: readonly Extension[],
) => Rfc5280Complaint | false;

/** Everything by which the certificate departs from the profile, in the order of its sections. */
export function rfc5280Complaints(certificate: Certificate): readonly Rfc5280Complaint[] {
  const decoded = decodedFor(certificate, currentGo);
  const extensions = isParseFault(decoded) ? [] : decoded.extensions;
  return rules.flatMap((rule) => rule(certificate, extensions) || []);
}

function complain(clause: string, text: string): Rfc5280Complaint {
  return { clause, text };
}

function isCa({ basicConstraints }: Certificate): boolean {
  return basicConstraints?.isCa === true;
}

function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.raw === issuer.raw;
}

/** An empty SEQUENCE. */
const emptyName = '3000';

function isCritical(extensions: readonly Extension[], objectIdentifier: string): boolean {
  return extensions.some(
    (extension) => extension.objectIdentifier === objectIdentifier && extension.isCritical,
  );
}

const rules: readonly Rule[] = [
  ({ serialNumber }) => serialNumber === '0' && complain('4.1.2.2', 'the serial number is zero'),
  ({ serialNumber }) =>
    serialNumber.startsWith('-') && complain('4.1.2.2', 'the serial number is negative'),
  ({ serialNumber }) =>
    serialOctets(serialNumber) > 20 &&
    complain('4.1.2.2', 'the serial number is longer than 20 octets'),
  ({ issuer }) => issuer.raw === emptyName && complain('4.1.2.4', 'the issuer name is empty'),
  (certificate) => complainOfTimes(certificate),
  ({ version }, extensions) =>
    version !== 3 &&
    extensions.length > 0 &&
    complain('4.1.2.1', 'the certificate has extensions but is not version 3'),
  (certificate) =>
    isCa(certificate) &&
    certificate.subject.raw === emptyName &&
    complain('4.1.2.6', 'the subject name of a CA is empty'),
  (certificate) =>
    certificate.authorityKeyId === undefined &&
    !isSelfIssued(certificate) &&
    complain('4.2.1.1', 'the authority key identifier is missing'),
  (certificate) =>
    isCa(certificate) &&
    certificate.subjectKeyId === undefined &&
    complain('4.2.1.2', 'the subject key identifier of a CA is missing'),
  (certificate) =>
    isCa(certificate) &&
    certificate.keyUsage === undefined &&
    complain('4.2.1.3', 'the key usage of a CA is missing'),
  ({ keyUsage }) => keyUsage?.length === 0 && complain('4.2.1.3', 'the key usage has no bit set'),
  (certificate) =>
    certificate.keyUsage?.includes('keyCertSign') === true &&
    !isCa(certificate) &&
    complain('4.2.1.9', 'the key usage has keyCertSign, but the certificate is not a CA'),
  (certificate, extensions) =>
    certificate.subject.raw === emptyName &&
    certificate.subjectAltName !== undefined &&
    !isCritical(extensions, '2.5.29.17') &&
    complain('4.2.1.6', 'the subject name is empty, but the subjectAltName is not critical'),
  ({ subjectAltName }) =>
    subjectAltName !== undefined &&
    isEmptyAltName(subjectAltName) &&
    complain('4.2.1.6', 'the subjectAltName has no entry'),
  (certificate, extensions) =>
    isCa(certificate) &&
    !isCritical(extensions, '2.5.29.19') &&
    complain('4.2.1.9', 'the basic constraints of a CA are not critical'),
  ({ basicConstraints }) =>
    basicConstraints?.maxPathLength !== undefined &&
    !basicConstraints.isCa &&
    complain('4.2.1.9', 'the certificate has a path length but is not a CA'),
  (certificate) =>
    certificate.nameConstraints !== undefined &&
    !isCa(certificate) &&
    complain('4.2.1.10', 'the certificate has name constraints but is not a CA'),
  ({ nameConstraints }) =>
    nameConstraints?.critical === false &&
    complain('4.2.1.10', 'the name constraints are not critical'),
  ({ extendedKeyUsage }) =>
    extendedKeyUsage?.length === 0 && complain('4.2.1.12', 'the extended key usage has no entry'),
];

function serialOctets(serialNumber: string): number {
  const digits = serialNumber.replace('-', '');
  const octets = Math.ceil(digits.length / 2);
  return digits.length % 2 === 0 && /^[89a-f]/.test(digits) ? octets + 1 : octets;
}

function isEmptyAltName(names: NonNullable<Certificate['subjectAltName']>): boolean {
  const { dnsNames, ipAddresses, uris, emailAddresses, otherNames } = names;
  return (
    dnsNames.length + ipAddresses.length + uris.length + emailAddresses.length + otherNames === 0
  );
}

/** Dates through 2049 are to be UTCTime with seconds and Z, later ones GeneralizedTime. */
function complainOfTimes({ der }: Certificate): Rfc5280Complaint | false {
  const fields = new DerReader(fromBase64(der)).inside(tag.sequence).inside(tag.sequence);
  fields.optional(explicitTag(0));
  for (const skipped of [tag.integer, tag.sequence, tag.sequence]) fields.element(skipped);
  const validity = fields.inside(tag.sequence);
  const [notBefore, notAfter] = [validity.element(), validity.element()];
  return complainOfTime(notBefore) || complainOfTime(notAfter);
}

function complainOfTime(time: Element | undefined): Rfc5280Complaint | false {
  if (time === undefined) return false;
  const text = toLatin1(time.content);
  if (time.tag === tag.utcTime) {
    const isWhole = /^\d{12}Z$/.test(text);
    return !isWhole && complain('4.1.2.5.1', 'a date is not written to the second in UTC');
  }
  return text < '2050' && complain('4.1.2.5', 'a date before 2050 is written as GeneralizedTime');
}
