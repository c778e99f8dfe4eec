import { parseReport } from '../../report/parse-report.ts';
import { exitCode } from '../exit-code.ts';
import { readOutputs, writeOutputs } from '../outputs.ts';
import { readText } from '../read-input.ts';
import { OptionReader } from '../read-options.ts';

/** Shows a saved report in other formats; exits as the audit that wrote it would have. */
export async function renderReport(file: string, values: object): Promise<number> {
  const options = new OptionReader(values);
  const outputs = readOutputs(options);
  const report = parseReport(await readText(file), file);

  await writeOutputs(outputs, report, options);
  return exitCode(report, {
    failOn: options.severity('failOn') ?? 'high',
    strict: options.flag('strict'),
  });
}
