import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { serializeEvidence } from '../../src/collect/evidence-file.ts';
import { json } from '../../src/report/json.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { reportJsonSchema } from '../../src/report/schema/json-schema.ts';
import { judgeDeployment } from '../../src/audit.ts';
import type { Report } from '../../src/model/report.ts';
import { render } from '../../src/report/index.ts';
import { plainStyle } from '../../src/report/style.ts';
import { fixtures } from '../fixtures/index.ts';
import { allPassed, everyVerdict } from './every-verdict.ts';
import { realReports } from './html/real-reports.ts';

test('carries every verdict by check id', async () => {
  await expect(json(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.json');
});

test('is read back as the same report', () => {
  expect(parseReport(json(everyVerdict))).toEqual(everyVerdict);
  expect(json(parseReport(json(everyVerdict)))).toBe(json(everyVerdict));
});

test('holds no character that a terminal would act on', () => {
  expect(json(everyVerdict)).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
});

test('has a published schema in sync with the code', async () => {
  const schema = `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`;

  await expect(schema).toMatchFileSnapshot('../../schemas/report.schema.json');
});

test('follows its schema', () => {
  for (const report of [everyVerdict, allPassed]) {
    validate(JSON.parse(json(report)));
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...JSON.parse(json(allPassed)), schemaVersion: 1 })).toBe(false);
});

/** Each fixture of a check, broken and sound, as the report that it leads to; and real sets. */
const real = await realReports();
const reports: readonly (readonly [string, Report])[] = [
  ...Object.entries(fixtures).flatMap(([id, { broken, sound }]) =>
    [broken, sound].map((facts, index): readonly [string, Report] => [
      `${id} ${index === 0 ? 'broken' : 'sound'}`,
      judgeDeployment({ collectedAt: '2026-11-24T01:02:03.000Z', facts, gaps: {} }),
    ]),
  ),
  ['the document’s set', real.seed],
  ['two clusters', real.two],
];

const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(reportJsonSchema());

test.each(reports)('the report on %s follows the schema', (_, report) => {
  validate(JSON.parse(json(report)));

  expect(validate.errors).toBeNull();
});

test.each(reports)(
  'rendering the saved report on %s gives what was shown directly',
  async (_, report) => {
    const saved = parseReport(json(report));

    for (const format of ['text', 'markdown', 'html'] as const) {
      const direct = await render(format, report, { ...plainStyle, verbose: true });
      expect(await render(format, saved, { ...plainStyle, verbose: true })).toBe(direct);
    }
  },
);

test('the published schema names all that others rely on', () => {
  const text = JSON.stringify(reportJsonSchema());

  for (const name of [
    'certificates',
    'basis',
    'scope',
    'cluster',
    'host',
    'assumptions',
    'notUnderstood',
    'quorumLoss',
    'daysLeft',
    'inventory',
    'forecast',
    'admissions',
    'ignored',
  ]) {
    expect(text).toContain(`"${name}":`);
  }
  const saved: unknown = JSON.parse(json(real.two));
  for (const place of [
    'verdict.scope',
    'inventory.members.0.cluster',
    'certificates.0.daysLeft',
    'certificates.0.owner',
    'results.0.basis',
    'results.0.target.cluster',
    'forecast.0.basis',
    'forecast.0.cluster',
  ]) {
    expect(saved).toHaveProperty(place);
  }
});

const parsed = z.looseObject({}).parse(JSON.parse(json(allPassed)));

test.each([
  { text: '{', message: 'old.json is not JSON' },
  { text: '[]', message: 'old.json is not a report of etcd-tls-audit: it has no schemaVersion' },
  { text: '{"version":1}', message: 'old.json is not a report of etcd-tls-audit' },
  {
    text: JSON.stringify({ ...parsed, schemaVersion: 1 }),
    message: 'old.json is a report of schema version 1, and this release reads version 2',
  },
  {
    text: serializeEvidence({ collectedAt: '2026-11-24T01:02:03.000Z', facts: {}, gaps: {} }),
    message: 'old.json is saved evidence, not a report',
  },
  {
    text: JSON.stringify({ ...parsed, results: undefined }),
    message: 'old.json: results is missing',
  },
  { text: JSON.stringify({ ...parsed, checks: {} }), message: 'old.json: checks must be a list' },
  {
    text: json(everyVerdict).replace('"status": "inconclusive"', '"status": "green"'),
    message: 'status must be pass or fail or inconclusive or not-applicable or crashed',
  },
  {
    text: json({ ...allPassed, collectedAt: 'yesterday' }),
    message: 'old.json: collectedAt must be a time such as 2026-01-31T12:00:00.000Z',
  },
  { text: json({ ...allPassed, checks: [] }), message: 'has results but is not in checks' },
])('refuses $message', ({ text, message }) => {
  const failure = failureOf(() => parseReport(text, 'old.json'));

  expect(failure).toMatchObject({ name: 'InputError', code: 'REPORT_MALFORMED' });
  expect(String(failure)).toContain(message);
});

function failureOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
