import type { CertificateDetail } from '../../deployment/certificate-detail.ts';
import type { NotUnderstood } from '../../model/evidence.ts';
import type { Style } from '../style.ts';
import type { CertificateFormat } from './formats.ts';
import { certificatesCsv } from './to-csv.ts';
import { certificatesJson } from './to-json.ts';
import { certificatesMarkdown } from './to-markdown.ts';
import { certificatesText } from './to-text.ts';

/** Certificates, those that end first at the top, and what could not be read as certificates. */
export interface CertificateReport {
  /** ISO 8601: the moment that days are counted from. */
  readonly at: string;
  /** Days before the end from which a certificate counts as ending soon. */
  readonly expiryWarningDays: number;
  readonly certificates: readonly CertificateDetail[];
  /** Whether to show every field that Go reads. */
  readonly isDetailed: boolean;
  readonly notUnderstood: readonly NotUnderstood[];
}

type CertificateReporter = (report: CertificateReport, style: Style) => string;

const reporters = {
  text: certificatesText,
  json: certificatesJson,
  markdown: certificatesMarkdown,
  csv: certificatesCsv,
} as const satisfies Record<CertificateFormat, CertificateReporter>;

export function renderCertificates(
  format: CertificateFormat,
  report: CertificateReport,
  style: Style,
): string {
  return reporters[format](report, style);
}
