import { parseReport } from '../../report/parse-report.ts';
import { reportDiff } from '../../report/report-diff.ts';
import { exitCodes } from '../exit-code.ts';
import { readText } from '../read-input.ts';

/** Says which findings came, went and stayed; exits 1 when any came. */
export async function diffReports(before: string, after: string): Promise<number> {
  const [old, fresh] = await Promise.all([readText(before), readText(after)]);
  const { text, cameCount } = reportDiff(parseReport(old, before), parseReport(fresh, after));

  process.stdout.write(text);
  return cameCount === 0 ? exitCodes.pass : exitCodes.fail;
}
