import { cell, prose } from '../markdown-text.ts';
import type { CertificateReport } from './index.ts';
import { countedByStanding } from './standing.ts';

/** A table for pull requests and wikis. */
export function certificatesMarkdown(report: CertificateReport): string {
  const { certificates, notUnderstood } = report;
  const rows = certificates.map(({ summary }) => {
    const { daysLeft, notAfter, role, owner, subject, names, issuer, files } = summary;
    const cells = [
      String(daysLeft),
      notAfter.slice(0, 10),
      ...[role, owner, subject, names.join(', '), issuer, files.join(', ')].map(prose),
    ];
    return `| ${cells.map(cell).join(' | ')} |`;
  });
  const others = notUnderstood.map(
    ({ path, line, reason }) =>
      `- ${prose(`${path}${line === undefined ? '' : `:${line}`}: ${reason}`)}`,
  );
  return [
    `${prose(countedByStanding(report))}.`,
    '',
    '| Days left | Expires | Role | Owner | Subject | Names | Issuer | Files |',
    '| --------: | ------- | ---- | ----- | ------- | ----- | ------ | ----- |',
    ...rows,
    ...(others.length > 0 ? ['', '### Not understood', '', ...others] : []),
    '',
  ].join('\n');
}
