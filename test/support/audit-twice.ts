import { expect } from 'vitest';
import { judge, type Judgement, look } from '../../src/audit.ts';
import type { AuditRequest } from '../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { defined } from '../../src/model/defined.ts';
import type { Report } from '../../src/model/report.ts';

/** Audits, and judges the evidence that `--save-evidence` would have written: the whole report is the same. */
export async function audit(request: AuditRequest, judgement: Judgement = {}): Promise<Report> {
  const evidence = await look(request, judgement);
  const report = judge(evidence, request, judgement);
  const saved = parseEvidence(serializeEvidence(evidence), 'evidence.json');
  const again = judge(saved, defined({ at: request.at }), judgement);
  expect(JSON.parse(JSON.stringify(again))).toEqual(JSON.parse(JSON.stringify(report)));
  return report;
}
