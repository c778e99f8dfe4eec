import { withThreshold } from '../../../src/evaluate/verdict.ts';
import { InputError } from '../../../src/input-error.ts';
import { json } from '../../../src/report/json.ts';
import { parseReport } from '../../../src/report/parse-report.ts';
import { diffJson, diffText, reportDiff } from '../../../src/report/report-diff.ts';
import { everyVerdict } from '../../report/every-verdict.ts';
import { checkFormats, checkText } from '../check-report.ts';
import { mutateJson } from '../mutate-json.ts';
import { secretPieces, textsIn, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

/** Saved reports with accidents: refused with a reason, or rendered in every format and compared. */
export const reports: FuzzTarget = {
  name: 'reports',
  mostMilliseconds: 5000,
  inputs: 200,
  async prepare() {
    const whole: unknown = JSON.parse(json(everyVerdict));
    // Refused as it stands, it would prove nothing.
    parseReport(JSON.stringify(whole));
    return (random) => {
      const mutated = mutateJson(whole, random, secretPieces);
      const text = JSON.stringify(mutated);
      const secrets = wholeSecrets(textsIn(mutated));
      const attempt = async () => {
        const report = parseReport(text, 'report.json');
        const diff = reportDiff(everyVerdict, report);
        checkText('diff', diffText(diff), secrets);
        checkText('diff in JSON', diffJson(diff), secrets);
        JSON.parse(diffJson(diff));
        await checkFormats(
          withThreshold(report, random.pick(['critical', 'high', 'info'])),
          random,
          secrets,
        );
      };
      return tried(text, attempt, (error) => error instanceof InputError);
    };
  },
};
