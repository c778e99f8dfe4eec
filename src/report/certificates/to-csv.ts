import type { CertificateSummary } from '../../model/report.ts';
import { printable } from '../escape.ts';
import type { CertificateReport } from './index.ts';

const columns: readonly (keyof CertificateSummary)[] = [
  'daysLeft',
  'notAfter',
  'notBefore',
  'role',
  'owner',
  'subject',
  'names',
  'issuer',
  'serialNumber',
  'key',
  'signatureAlgorithm',
  'usages',
  'files',
  'sha256',
];

/** RFC 4180, with a header line; lists are separated by semicolons. */
export function certificatesCsv({ certificates }: CertificateReport): string {
  const rows = certificates.map(({ summary }) => columns.map((column) => asText(summary[column])));
  return [columns, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join('');
}

function asText(value: CertificateSummary[keyof CertificateSummary]): string {
  return typeof value === 'object' ? value.join('; ') : String(value);
}

/** Spreadsheets run what begins like a formula: an apostrophe makes it text. A negative number is none. */
function quoted(value: string): string {
  const text = printable(value);
  const isFormula = /^[=+\-@]/.test(text) && !/^-?\d+$/.test(text);
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}
