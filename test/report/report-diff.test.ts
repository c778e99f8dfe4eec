import { expect, test } from 'vitest';
import type { Report, Result } from '../../src/model/report.ts';
import { reportDiff } from '../../src/report/report-diff.ts';
import { withVerdict } from '../support/with-verdict.ts';

test('says what came, went, changed and stayed', () => {
  const before = report([finding('m1'), finding('m2'), finding('m3', 'expires in 20 days')]);
  const after = report([finding('m1'), finding('m3', 'expires in 19 days'), finding('m4')]);

  const { text, cameCount } = reportDiff(before, after);

  expect(cameCount).toBe(1);
  expect(text.split('\n')).toEqual([
    '1 came, 1 went, 1 changed, 1 stayed',
    '+ high: is broken  [some-defect] at m4',
    '- high: is broken  [some-defect] at m2',
    '~ high: expires in 19 days  [some-defect] at m3',
    '',
  ]);
});

test('a finding that another refused connection became part of has come', () => {
  const before = { ...finding('m1'), folded: ['node1 to node2'] };
  const after = { ...finding('m1'), folded: ['node1 to node2', 'etcdctl to node1'] };

  expect(reportDiff(report([before]), report([after]))).toEqual({
    text:
      '1 came, 0 went, 0 changed, 0 stayed\n' +
      '+ high: is broken  [some-defect] at m1 (now also refused: etcdctl to node1)\n',
    cameCount: 1,
  });
});

test('compares findings only, and shows hostile names harmless', () => {
  const passing: Result = { ...finding('m1'), verdict: { status: 'pass' } };

  const { text } = reportDiff(report([passing]), report([finding('\u001b[31mm1')]));

  expect(text).toContain('1 came');
  expect(text).not.toContain('\u001b');
});

function report(results: readonly Result[]): Report {
  return withVerdict({
    tool: { name: 'etcd-tls-audit', version: 'test' },
    command: 'check',
    collectedAt: '2026-01-01T00:00:00.000Z',
    checks: [],
    results,
    forecast: [],
    gaps: [],
    facts: {},
  });
}

function finding(name: string, message = 'is broken'): Result {
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
    verdict: { status: 'fail', message },
  };
}
