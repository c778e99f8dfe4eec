import { parseReport } from '../../report/parse-report.ts';
import { withThreshold } from '../../evaluate/verdict.ts';
import { exitCode } from '../exit-code.ts';
import { readOutputs, writeOutputs } from '../outputs.ts';
import { readText } from '../read-input.ts';
import { OptionReader } from '../read-options.ts';
import { refuseUseless } from '../useless-options.ts';

/** Shows a saved report in other formats; exits as the audit that wrote it would have. */
export async function renderReport(file: string, values: object): Promise<number> {
  const options = new OptionReader(values);
  const outputs = readOutputs(options);
  refuseUseless(options);
  const saved = parseReport(await readText(file), file);
  const failOn = options.severity('failOn');
  const report = failOn === undefined ? saved : withThreshold(saved, failOn);

  await writeOutputs(outputs, report, options);
  return exitCode(report.verdict, { acceptIncomplete: options.flag('acceptIncomplete') });
}
