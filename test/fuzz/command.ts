import { outputOf } from '../support/output-of.ts';
import { checkText } from './check-report.ts';

/** One command line: it ends with a code that is promised, tells no bug of its own, and prints nothing harmful and no secret. */
export async function checkCommand(
  args: readonly string[],
  secrets: readonly string[] = [],
): Promise<void> {
  const { output, code } = await outputOf(args);
  if (output.includes('internal error in this program')) throw new Error(output);
  if (![0, 1, 2, 3].includes(code)) throw new Error(`exit code ${code}`);
  // What RFC 4180 ends lines with.
  checkText(args[0] ?? '', output.replaceAll('\r\n', '\n'), secrets);
}
