import type { Certificate } from '../model/certificate.ts';
import type { FileFact } from '../model/files.ts';
import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { allows } from '../pki/key-usage.ts';
import type { Explanation } from './explain.ts';
import { type PredictedRejection, rejectionsPredictedBy } from './predicted.ts';
import type { SignalId } from './signals/signal.ts';

/** A certificate of the given set that fits what a line says. */
export interface Suspect {
  readonly file: string;
  readonly subject: string;
  readonly serialNumber: string;
  /** What in it fits. */
  readonly because: string;
}

/** What a cert set adds to an explanation. */
export interface Narrowing {
  readonly suspects: readonly Suspect[];
  /** Refusals that the forecast has for this set and that fit the line. */
  readonly predicted: readonly PredictedRejection[];
  /** Name of the member that has the remote address. */
  readonly remoteMember?: string;
}

interface CertificateInFile {
  readonly file: string;
  readonly certificate: Certificate;
}

type Fit = (certificates: CertificateInFile, explanation: Explanation) => string | undefined;

/** A cert set, and what will come of it. */
export interface KnownCluster {
  readonly files: readonly FileFact[];
  readonly members: readonly Member[];
  readonly edges: readonly Edge[];
}

/** Names the certificates of a set that a log line is about. Pure. */
export function narrow(
  explanation: Explanation,
  { files, members, edges }: KnownCluster,
): Narrowing {
  const predicted = rejectionsPredictedBy(explanation, edges, members);
  const certificates = files.flatMap((file) =>
    file.blocks.flatMap((block) =>
      block.kind === 'certificate' ? [{ file: file.path, certificate: block.certificate }] : [],
    ),
  );
  const suspects = certificates.flatMap((candidate) => {
    const fitting = fits.flatMap((fit) => fit(candidate, explanation) ?? []);
    const reasons = [...fitting, ...blamed(candidate, predicted)];
    return reasons.length === 0 ? [] : [suspectOf(candidate, reasons)];
  });
  const address = explanation.line.remoteAddress;
  const owner = members.find(({ addresses }) => addresses.some((own) => own === address));
  return { suspects, predicted, ...(owner !== undefined && { remoteMember: owner.name }) };
}

function blamed(
  { file, certificate }: CertificateInFile,
  predicted: readonly PredictedRejection[],
) {
  const blames = predicted.some(
    ({ edge: { blame } }) => blame?.file === file && blame.sha256 === certificate.sha256,
  );
  return blames
    ? ['by the forecast this certificate causes a rejection that logs such a line']
    : [];
}

function suspectOf({ file, certificate }: CertificateInFile, reasons: readonly string[]): Suspect {
  const { subject, serialNumber } = certificate;
  return { file, subject: subject.text, serialNumber, because: reasons.join('; ') };
}

const fits: readonly Fit[] = [validityFits, namesFit, serialFits, authorityFits, usageFits];

/** Go prints the very notAfter or notBefore that it compared with. */
function validityFits({ certificate }: CertificateInFile, explanation: Explanation) {
  const after = value(explanation, 'expired', 'limit');
  const before = value(explanation, 'not-yet-valid', 'limit');
  if (after !== undefined && sameMoment(certificate.notAfter, after)) {
    return `the certificate expired at ${after}`;
  }
  if (before !== undefined && sameMoment(certificate.notBefore, before)) {
    return `the certificate is not valid before ${before}`;
  }
  return undefined;
}

/** Go lists the names of the certificate that it refused; etcd logs the SANs of the one it was shown. */
function namesFit({ certificate }: CertificateInFile, explanation: Explanation) {
  const own = namesOf(certificate);
  const listedNames = namesInLine(explanation);
  if (
    own.length === 0 ||
    listedNames.length === 0 ||
    !listedNames.every((name) => own.includes(name))
  ) {
    return undefined;
  }
  return `its subject alternative names are those in the line (${listedNames.join(', ')})`;
}

function namesOf({ subjectAltName }: Certificate): readonly string[] {
  if (subjectAltName === undefined) return [];
  return [...subjectAltName.dnsNames, ...subjectAltName.ipAddresses];
}

function namesInLine(explanation: Explanation): readonly string[] {
  const { shownIpAddresses = [], shownDnsNames = [] } = explanation.line;
  const listed =
    value(explanation, 'host-not-in-names', 'names') ??
    value(explanation, 'peer-name-mismatch', 'names') ??
    '';
  const listedNames = [...listed.split(/[\s,"]+/), ...shownIpAddresses, ...shownDnsNames];
  return listedNames.filter((name) => name !== '');
}

function serialFits({ certificate }: CertificateInFile, explanation: Explanation) {
  const serial = value(explanation, 'revoked', 'serial')?.toLowerCase().replace(/^0+/, '');
  return serial !== undefined && serial === certificate.serialNumber
    ? 'its serial number is the revoked one'
    : undefined;
}

function authorityFits({ certificate }: CertificateInFile, explanation: Explanation) {
  const authority = value(explanation, 'candidate-authority', 'authority');
  const isCa = certificate.basicConstraints?.isCa === true;
  return authority !== undefined && isCa && certificate.subject.commonName === authority
    ? `a CA of the name in the line, with the key ${certificate.publicKey.sha256.slice(0, 16)}…`
    : undefined;
}

function usageFits({ certificate }: CertificateInFile, { signals, about }: Explanation) {
  if (!signals.has('wrong-usage') || certificate.basicConstraints?.isCa === true) return undefined;
  const usage = about === 'client certificate' ? 'clientAuth' : 'serverAuth';
  return allows(certificate, usage) ? undefined : `its extended key usage lacks ${usage}`;
}

function value({ signals }: Explanation, id: SignalId, name: string): string | undefined {
  return signals.get(id)?.values[name];
}

function sameMoment(left: string, right: string): boolean {
  return Date.parse(left) === Date.parse(right);
}
