import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';

/** Public reports and logs of real etcd; not part of the repository. */
const found = '../shared/found/explain';
const isHere = existsSync(found);
if (!isHere) process.stderr.write(`${found} is not here: its reports are not read\n`);

const report = z.object({
  id: z.string(),
  log: z.string(),
  accept: z.array(z.string()),
  decidable: z.enum(['full', 'partly', 'no']),
});

test.skipIf(!isHere)('no report is explained by a cause that was not there', () => {
  const reports = z
    .array(report)
    .parse(JSON.parse(readFileSync(join(found, 'cases.json'), 'utf8')));
  const wrong: string[] = [];
  let right = 0;
  for (const { id, log, accept, decidable } of reports) {
    const stated = statedBy(log);
    if (stated.some((cause) => !accept.includes(cause))) wrong.push(`${id}: ${stated.join()}`);
    else if (decidable === 'full' && stated.length > 0) right += 1;
  }
  const full = reports.filter(({ decidable }) => decidable === 'full');

  expect(wrong).toEqual([]);
  expect(right / full.length).toBeGreaterThanOrEqual(0.95);
});

/** What each log of real etcd and etcdctl shows, by the beginning of its name; nothing where it decides nothing. */
const shown: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^A-.*--debug/, ['SCHEME']],
  [/^A-|^D2|^E1|^r2-c|^self/, []],
  [/^B-|^r2-e/, ['CONFIG']],
  [/^C-/, ['PROXY']],
  [/^DS/, ['CA-CLIENT']],
  [/^D-|^ansible/, ['NET']],
  [/^E-/, ['EKU']],
  [/^F-/, ['VERSION']],
  [/^G-|^H-|^r2-f/, ['NOISE']],
  [/^e1|^r2-b/, ['SCHEME']],
  [/^r2-a/, ['AUTHZ']],
];

test.skipIf(!isHere).each(isHere ? readdirSync(join(found, 'real')) : [''])(
  'real etcd: %s',
  (name) => {
    const expected = shown.find(([pattern]) => pattern.test(name))?.[1];

    expect(statedBy(readFileSync(join(found, 'real', name), 'utf8'))).toEqual(expected);
  },
);

function statedBy(log: string): readonly string[] {
  const explainer = logExplainer();
  for (const line of log.split('\n')) explainer.add(line);
  const { conclusion, also } = explainer.incident();
  return [conclusion, ...also].flatMap((episode) =>
    episode === undefined || episode.explanation.confidence === 'open'
      ? []
      : [episode.explanation.cause],
  );
}
