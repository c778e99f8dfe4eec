import { parseReport } from '../../report/parse-report.ts';
import { diffJson, diffText, reportDiff } from '../../report/report-diff.ts';
import { exitCodes } from '../exit-code.ts';
import { readText } from '../read-input.ts';
import { screenWidth } from '../outputs.ts';
import { OptionReader } from '../read-options.ts';

/** Prints new, resolved, changed and unchanged findings; exits 1 when any is new. */
export async function diffReports(before: string, after: string, values: object): Promise<number> {
  const format = new OptionReader(values).choice('report', ['text', 'json']) ?? 'text';
  const [old, fresh] = await Promise.all([readText(before), readText(after)]);
  const diff = reportDiff(parseReport(old, before), parseReport(fresh, after));

  process.stdout.write(format === 'json' ? diffJson(diff) : diffText(diff, screenWidth()));
  return diff.added.length === 0 ? exitCodes.pass : exitCodes.fail;
}
