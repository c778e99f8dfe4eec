import type { CertificateDetail } from '../../deployment/certificate-detail.ts';
import { printable } from '../escape.ts';
import { field, type Page } from '../finding-text.ts';
import { wrap } from '../layout.ts';
import { plainPaint, type Style } from '../style.ts';
import { detailLines } from './detail-lines.ts';
import type { CertificateReport } from './index.ts';
import { countedByStanding, standingOf } from './standing.ts';

type Cells = readonly string[];

/** For people: one block of columns for each certificate, or each in every field. */
export function certificatesText(report: CertificateReport, style: Style): string {
  const page: Page = { width: Math.max(style.width, 40), paint: style.paint ?? plainPaint };
  const { certificates, isDetailed } = report;
  const body = isDetailed
    ? certificates.flatMap((detail) => ['', ...detailLines(detail, report, page)])
    : ['', ...tableLines(certificates, report, page)];
  return `${[countedByStanding(report), ...body, ...unread(report, page)].join('\n')}\n`;
}

function unread({ notUnderstood }: CertificateReport, page: Page): readonly string[] {
  if (notUnderstood.length === 0) return [];
  const lines = notUnderstood.flatMap(({ path, line, reason }) =>
    field('', `${path}${line === undefined ? '' : `:${line}`}: ${reason}`, page),
  );
  return ['', page.paint.strong('Not understood'), ...lines];
}

const head: Cells = ['left', 'expires', 'role', 'owner', 'certificate'];

/** Columns: a role or an owner that is longer goes on in the next line. */
const widest = [7, 10, 14, 14];

/** A column is as wide as its longest word up to here, so that most names stay whole. */
const widestWord = 20;

function tableLines(
  certificates: readonly CertificateDetail[],
  report: CertificateReport,
  { width, paint }: Page,
): readonly string[] {
  const rows = certificates.map(({ summary }): Cells => {
    const { daysLeft, notAfter, role, owner } = summary;
    const left = daysLeft < 0 ? 'expired' : `${daysLeft} d`;
    return [left, notAfter.slice(0, 10), role || '-', owner || '-'].map((text) => printable(text));
  });
  const widths = widest.map((most, column) => {
    const cells = [head, ...rows].map((row) => row[column] ?? '');
    const words = cells.flatMap((text) => text.split(' '));
    return Math.min(longest(cells), Math.max(most, Math.min(widestWord, longest(words))));
  });
  const rest = Math.max(20, width - widths.reduce((sum, each) => sum + each + 2, 0));
  const lines = certificates.flatMap(({ summary }, index) => {
    const columns = (rows[index] ?? []).map((text, column) => wrap(text, widths[column] ?? rest));
    const about = describe(summary).flatMap((text) => wrap(printable(text), rest));
    const block = zip([...columns, about], widths);
    const brush = {
      expired: paint.bad,
      'not yet valid': paint.bad,
      expiring: paint.unsure,
      valid: same,
    };
    const paintIt = brush[standingOf(summary, report)];
    return block.map((line, at) => (at === 0 ? paintIt(line) : line));
  });
  return [
    ...zip(
      head.map((text) => [text]),
      widths,
    ).map((line) => paint.faint(line)),
    ...lines,
  ];
}

function longest(texts: Cells): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

function same(text: string): string {
  return text;
}

function describe({
  subject,
  names,
  issuer,
  files,
}: CertificateDetail['summary']): readonly string[] {
  return [
    subject === '' ? '(no subject)' : subject,
    ...(names.length > 0 ? [`names ${names.join(', ')}`] : []),
    issuer === subject ? 'issued by itself' : `issuer ${issuer}`,
    ...files,
  ];
}

/** Puts columns of several lines next to each other; the last has no width of its own. */
function zip(columns: readonly Cells[], widths: readonly number[]): Cells {
  const height = Math.max(...columns.map(({ length }) => length));
  return Array.from({ length: height }, (_none, line) =>
    columns
      .map((column, index) => (column[line] ?? '').padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
