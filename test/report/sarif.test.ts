import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { sarif, sarifLog } from '../../src/report/sarif.ts';
import { allPassed, everyVerdict } from './every-verdict.ts';

test('carries findings, accepted ones as suppressed, and what was not seen as notifications', async () => {
  await expect(sarif(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.sarif');
});

test.each([everyVerdict, allPassed])('is valid against the official schema', async (report) => {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const schema: unknown = JSON.parse(await readFile(path, 'utf8'));
  // Its pattern for languages is no regular expression under the u flag.
  const ajv = new AjvDraft04.default({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(isObject(schema) ? schema : {});

  validate(JSON.parse(sarif(report)));

  expect(validate.errors).toBeNull();
});

test('gives every result a place in a file, as GitHub demands', () => {
  const places = results(everyVerdict).map(({ locations }) => locations?.[0]?.physicalLocation);

  expect(places).not.toContain(undefined);
  expect(places[0]).toEqual({
    artifactLocation: { uri: '10-etcd-member.conf', uriBaseId: '%SRCROOT%' },
    region: { startLine: 12, startColumn: 3 },
  });
});

test('keeps a fingerprint when the wording changes, and has one for each target', () => {
  const reworded = everyVerdict.results.map((result) => ({
    ...result,
    verdict:
      result.verdict.status === 'fail' ? { status: 'fail' as const, message: 'x' } : result.verdict,
  }));

  const fingerprints = fingerprintsOf(everyVerdict);

  expect(fingerprintsOf({ ...everyVerdict, results: reworded })).toEqual(fingerprints);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
});

test.each([
  ['/etc/etcd/a b.pem', { uri: 'file:///etc/etcd/a%20b.pem' }],
  ['./certs/\ud800%.pem', { uri: 'certs/%EF%BF%BD%25.pem', uriBaseId: '%SRCROOT%' }],
])('writes the path %j as a URI', (file, artifactLocation) => {
  const [first] = everyVerdict.results;
  const target = { kind: 'file', name: file } as const;
  const report = { ...everyVerdict, results: first ? [{ ...first, target }] : [] };

  expect(results(report)[0]?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual(
    artifactLocation,
  );
});

test('leaves no link in a message', () => {
  expect(results(everyVerdict)[3]?.message.text).toContain('\\[c\\](d)');
});

function isObject(value: unknown): value is object {
  return typeof value === 'object';
}

function results(report: Report): NonNullable<Log['runs'][number]['results']> {
  return sarifLog(report).runs[0]?.results ?? [];
}

function fingerprintsOf(report: Report): readonly unknown[] {
  return results(report).map((result) => result.partialFingerprints?.['primaryLocationLineHash']);
}
