import { expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { baselineOf, isKnown } from '../../src/model/baseline.ts';
import { formerIds, renamedChecks } from '../../src/model/renamed-checks.ts';
import type { Result } from '../../src/model/report.ts';
import { sarifLog } from '../../src/report/sarif.ts';
import { allPassed, check } from '../report/every-verdict.ts';

const renamed = Object.entries(renamedChecks);
const ids: readonly string[] = catalogue.map(({ id }) => id);

test.each(renamed)('%s is the former name of %s, a check of today', (former, id) => {
  expect(ids).toContain(id);
  expect(ids).not.toContain(former);
  expect(formerIds(id)).toEqual([former]);
});

test.each(renamed)('a baseline with %s knows the findings of %s', (former, id) => {
  const baseline = baselineOf([finding(former)]);

  expect(isKnown(finding(id), baseline)).toBe(true);
  expect(isKnown(finding('file-missing'), baseline)).toBe(false);
});

test('SARIF holds the former id of a rule, where it has one', () => {
  const checks = ['client-endpoint-without-tls', 'file-missing'].map((id) => check(id, 'high'));
  const [run] = sarifLog({ ...allPassed, checks }).runs;

  expect(run?.tool.driver.rules).toMatchObject([
    { id: 'client-endpoint-without-tls', deprecatedIds: ['client-dials-plaintext'] },
    { id: 'file-missing' },
  ]);
  expect(run?.tool.driver.rules?.[1]).not.toHaveProperty('deprecatedIds');
});

function finding(id: string): Result {
  return {
    check: check(id, 'high'),
    target: { kind: 'client', name: 'etcdctl' },
    basis: 'stated',
    verdict: { status: 'fail', message: 'wrong' },
  };
}
