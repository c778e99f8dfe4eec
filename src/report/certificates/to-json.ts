import { jsonText } from '../escape.ts';
import type { CertificateReport } from './index.ts';

/** The same entries as `certificates` in the JSON report; with every field that Go reads where asked for. */
export function certificatesJson({
  at,
  certificates,
  isDetailed,
  notUnderstood,
}: CertificateReport): string {
  const list = certificates.map(({ summary, certificate, unused, possibleUses, chain, issued }) => {
    if (!isDetailed) return summary;
    const { der: _der, ...fields } = certificate;
    return { ...summary, chain, possibleUses, issued, certificate: { ...fields, unused } };
  });
  const report = { schemaVersion: 2, at, certificates: list, notUnderstood };
  return jsonText(report);
}
