import { expect, test } from 'vitest';
import { applyWaivers } from '../../src/evaluate/waivers.ts';
import type { Result, Waiver } from '../../src/model/report.ts';

const now = new Date('2026-03-10T12:00:00Z');

test('a finding that was accepted carries the waiver', () => {
  const { results, waivers } = applyWaivers([finding('m1'), finding('m2')], [waiver('m1')], now);

  expect(results.map(({ waived }) => waived?.owner)).toEqual(['ops', undefined]);
  expect(waivers).toMatchObject([{ state: 'used' }]);
});

test('a star covers every target of its check, and no other check', () => {
  const other = { ...finding('m1'), check: { ...finding('m1').check, id: 'another-defect' } };

  const { results } = applyWaivers([finding('m1'), finding('m2'), other], [waiver('*')], now);

  expect(results.map(({ waived }) => waived !== undefined)).toEqual([true, true, false]);
});

test.each([
  { expires: '2026-03-09', state: 'expired', accepted: false },
  { expires: '2026-03-10', state: 'used', accepted: true },
])('a waiver until $expires is $state on 2026-03-10', ({ expires, state, accepted }) => {
  const { results, waivers } = applyWaivers([finding('m1')], [{ ...waiver('m1'), expires }], now);

  expect(waivers).toMatchObject([{ state }]);
  expect(results[0]?.waived !== undefined).toBe(accepted);
});

test('a waiver for what is not found, or passes, is unused', () => {
  const passing: Result = { ...finding('m1'), verdict: { status: 'pass' } };

  expect(applyWaivers([passing], [waiver('m1')], now).waivers).toMatchObject([{ state: 'unused' }]);
});

test('a waiver for a URL covers each address of its name', () => {
  const url = 'https://etcd.example:2379';
  const at: Result = { ...finding('m1'), target: { kind: 'endpoint', name: `${url} at 10.0.0.2` } };
  const isWaived = (target: string) =>
    applyWaivers([at], [waiver(target)], now).results[0]?.waived !== undefined;

  expect([url, `${url} at 10.0.0.2`, `${url} at 10.0.0.3`, `${url}0`].map(isWaived)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ['self m1 -> https://10.0.0.1:2379', true],
  ['m1 to itself (https://10.0.0.1:2379)', true],
  ['self m1 -> https://10.0.0.2:2379', false],
])('a waiver for %s, as release 0.1.0 wrote it, is used: %s', (target, isUsed) => {
  const own = finding('m1 to itself (https://10.0.0.1:2379)');

  expect(applyWaivers([own], [waiver(target)], now).waivers).toMatchObject([
    { state: isUsed ? 'used' : 'unused' },
  ]);
});

function waiver(target: string): Waiver {
  return { check: 'some-defect', target, reason: 'known', owner: 'ops', expires: '2026-12-31' };
}

function finding(name: string): Result {
  return {
    check: {
      id: 'some-defect',
      title: 'Something is broken',
      severity: 'high',
      rationale: 'It breaks.',
      remediation: 'Mend it.',
      references: ['https://etcd.io/'],
      standards: [],
    },
    target: { kind: 'member', name },
    basis: 'stated',
    verdict: { status: 'fail', message: 'is broken' },
  };
}
