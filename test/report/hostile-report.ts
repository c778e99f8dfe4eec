import type { Report } from '../../src/model/report.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { json } from '../../src/report/json.ts';
import { hostileText } from '../fuzz/hostile-text.ts';
import type { Random } from '../oracle/random.ts';
import { everyVerdict } from './every-verdict.ts';

/** Where certificates, servers, settings, or who wrote a saved report, decide what is said. */
const textKeys = new Set([
  'actual',
  'about',
  'because',
  'cause',
  'clientError',
  'conclusion',
  'control',
  'credential',
  'differenceMeans',
  'expected',
  'file',
  'fix',
  'from',
  'member',
  'message',
  'name',
  'next',
  'owner',
  'path',
  'rationale',
  'reason',
  'remediation',
  'remedy',
  'sentence',
  'serverError',
  'standard',
  'subject',
  'text',
  'title',
  'to',
  'what',
]);

/** A report in which half of its free texts are hostile; sound by its schema. */
export function hostileReport(random: Random): Report {
  const { tool } = everyVerdict;
  const report: unknown = JSON.parse(json(everyVerdict), (key, value: unknown) =>
    typeof value === 'string' && textKeys.has(key) && value !== tool.name && random.below(2) === 0
      ? hostileText(random)
      : value,
  );
  return parseReport(JSON.stringify(report));
}
