import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { oracleCases } from '../test/oracle/cases.ts';
import type { OracleCase } from '../test/oracle/oracle-case.ts';

/**
 * Asks oracles built from test/oracle/*.go and writes what they say to test/oracle/golden. For each
 * release of Go, built in a copy of the folder whose go.mod names that release, since the rules
 * follow it:
 *
 *     go mod init oracle && go build -o oracle .
 *     npx tsx tools/record-oracle.ts 1.19.8=/path/to/oracle …
 */
const folder = new URL('../test/oracle/golden/', import.meta.url);
await mkdir(folder, { recursive: true });
const cases = oracleCases();
const questions = cases
  .map((asked) => JSON.stringify(Object.fromEntries(toQuestion(asked))))
  .join('\n');
const sha256 = createHash('sha256').update(questions).digest('hex');
for (const argument of process.argv.slice(2)) {
  const [go = '', oracle = ''] = argument.split('=');
  const { stdout } = spawnSync(oracle, { input: questions, maxBuffer: 2 ** 30 });
  const texts = stdout.toString('utf8').trimEnd().split('\n');
  const answers = texts.map((line): string => {
    const text: unknown = JSON.parse(line);
    return String(text);
  });
  if (answers.length !== cases.length) throw new Error(`${oracle} gave ${answers.length} answers`);
  const distinct = [...new Set(answers)];
  const places = new Map(distinct.map((text, index) => [text, index]));
  const record = { go, sha256, texts: distinct, answers: answers.map((text) => places.get(text)) };
  await writeFile(new URL(`go-${go}.json`, folder), `${JSON.stringify(record)}\n`);
}

function toQuestion(asked: OracleCase): ReadonlyMap<string, unknown> {
  return new Map(
    Object.entries(asked).map(([name, value]: [string, unknown]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      toJson(value),
    ]),
  );
}

function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return Array.isArray(value) ? value.map(toJson) : value;
}
