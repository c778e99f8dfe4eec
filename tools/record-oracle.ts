import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { askGo, linesOf } from '../test/oracle/ask-go.ts';
import { oracleCases } from '../test/oracle/cases.ts';

/**
 * Asks releases of Go what they say of our own cases, and writes it to test/oracle/golden:
 *
 *     npx tsx tools/record-oracle.ts 1.16.15 1.27.4
 */
const folder = new URL('../test/oracle/golden/', import.meta.url);
await mkdir(folder, { recursive: true });
const cases = oracleCases();
const sha256 = createHash('sha256').update(linesOf(cases)).digest('hex');
for (const go of process.argv.slice(2)) {
  const answers = await askGo(go, cases);
  const distinct = [...new Set(answers)];
  const places = new Map(distinct.map((text, index) => [text, index]));
  const record = { go, sha256, texts: distinct, answers: answers.map((text) => places.get(text)) };
  await writeFile(new URL(`go-${go}.json`, folder), `${JSON.stringify(record)}\n`);
}
