import { counted } from '../../model/words.ts';
import type { CertificateReport } from './index.ts';

export type Standing = 'expired' | 'expiring' | 'valid' | 'not yet valid';

/** The state of a certificate on the day judged. */
export function standingOf(
  { notBefore, daysLeft }: { readonly notBefore: string; readonly daysLeft: number },
  { at, expiryWarningDays }: Pick<CertificateReport, 'at' | 'expiryWarningDays'>,
): Standing {
  if (daysLeft < 0) return 'expired';
  if (Date.parse(notBefore) > Date.parse(at)) return 'not yet valid';
  return daysLeft <= expiryWarningDays ? 'expiring' : 'valid';
}

/** `12 certificates: 1 expired, 2 expire within 30 days` */
export function countedByStanding(report: CertificateReport): string {
  const { certificates, expiryWarningDays } = report;
  const standings = certificates.map(({ summary }) => standingOf(summary, report));
  const count = (standing: Standing): number =>
    standings.filter((each) => each === standing).length;
  const [expired, early, expiring] = [count('expired'), count('not yet valid'), count('expiring')];
  const parts = [
    ...(expired > 0 ? [`${expired} expired`] : []),
    ...(early > 0 ? [`${early} not yet valid`] : []),
    `${expiring} ${expiring === 1 ? 'expires' : 'expire'} within ${counted(expiryWarningDays, 'day')}`,
  ];
  return `${counted(certificates.length, 'certificate')}: ${parts.join(', ')}`;
}
