import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { json } from '../../src/report/json.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { reportJsonSchema } from '../../src/report/schema/json-schema.ts';
import { allPassed, everyVerdict } from './every-verdict.ts';

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
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  addFormats.default(ajv);
  const validate = ajv.compile(reportJsonSchema());

  for (const report of [everyVerdict, allPassed]) {
    validate(JSON.parse(json(report)));
    expect(validate.errors).toBeNull();
  }
  expect(validate({ ...JSON.parse(json(allPassed)), schemaVersion: 1 })).toBe(false);
});

test.each([
  { text: '{', message: 'old.json is not JSON' },
  { text: '[]', message: 'old.json: at the top: ' },
  { text: json({ ...allPassed, collectedAt: 'yesterday' }), message: 'old.json: at collectedAt: ' },
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
