import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../../src/collect/evidence-file.ts';

import { InputError } from '../../../src/input-error.ts';
import { escapeJson } from '../../../src/report/escape.ts';
import { directoryWith } from '../../support/directory.ts';
import { withAccidents } from '../accidents.ts';
import { settingsSamples } from '../settings-samples.ts';
import { checkReport, checkText } from '../check-report.ts';
import { secretPieces, wholeSecrets } from '../secrets.ts';
import { type FuzzTarget, tried } from '../target.ts';

const signs = [
  '\n',
  '\t',
  '  ',
  '*tls',
  '&tls',
  '<<: ',
  '\\',
  '$(A)',
  '${A:-$A}',
  '{{',
  'constructor',
  '__proto__: 1',
  '- ',
  '"',
  "'",
  ...secretPieces,
];

/** The product's own evidence is never refused. */
function isUnderstoodRefusal(error: unknown): boolean {
  return error instanceof InputError && error.code !== 'REPORT_MALFORMED';
}

/** Settings files with accidents: read or told, and what is told survives being saved. */
export const settings: FuzzTarget = {
  name: 'settings',
  mostMilliseconds: 5000,
  inputs: 200,
  async prepare() {
    const set = await directoryWith({});
    return async (random) => {
      const [name, sample] = random.pick(settingsSamples);
      const text = withAccidents(sample, signs, random);
      await mkdir(dirname(join(set.path, name)), { recursive: true });
      await writeFile(join(set.path, name), text);
      const attempt = async () => {
        const evidence = await collect({ paths: [join(set.path, name)], maps: [] });
        const secrets = wholeSecrets(text);
        const saved = serializeEvidence(evidence);
        checkText('evidence', escapeJson(saved), secrets);
        await checkReport(judge(parseEvidence(saved, 'evidence.json')), random, secrets);
      };
      return tried(text, attempt, isUnderstoodRefusal);
    };
  },
};
