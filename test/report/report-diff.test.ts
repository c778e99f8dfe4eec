import { expect, test } from 'vitest';
import type { Report, Result } from '../../src/model/report.ts';
import { diffJson, diffText, reportDiff } from '../../src/report/report-diff.ts';
import { withVerdict } from '../support/with-verdict.ts';

test('lists new, resolved, changed and unchanged findings', () => {
  const before = report([finding('m1'), finding('m2'), finding('m3', 'expires in 20 days')]);
  const after = report([finding('m1'), finding('m3', 'expires in 19 days'), finding('m4')]);

  const diff = reportDiff(before, after);

  expect(diff.added).toHaveLength(1);
  expect(diffText(diff).split('\n')).toEqual([
    '1 new, 1 resolved, 1 changed, 1 unchanged',
    '+ high: is broken  [some-defect] at m4',
    '- high: is broken  [some-defect] at m2',
    '~ high: expires in 19 days  [some-defect] at m3 (before: expires in 20 days)',
    '',
  ]);
  expect(JSON.parse(diffJson(diff))).toMatchObject({
    changed: [
      {
        message: 'expires in 19 days',
        previous: { severity: 'high', message: 'expires in 20 days' },
      },
    ],
  });
});

test('lists the worst first and keeps within the width', () => {
  const low = { ...finding('m1'), severity: 'low' } as const;
  const long = finding('m2', `is broken ${'in very many words '.repeat(6).trim()}`);

  const lines = diffText(reportDiff(report([]), report([low, long]))).split('\n');
  expect(lines).toEqual([
    '2 new, 0 resolved, 0 changed, 0 unchanged',
    '+ high: is broken in very many words in very many words in very many words in',
    '  very many words in very many words in very many words  [some-defect] at m2',
    '+ low: is broken  [some-defect] at m1',
    '',
  ]);
});

test('a finding whose severity alone is different is changed', () => {
  const before = finding('m1');
  const after: Result = { ...before, check: { ...before.check, severity: 'low' } };

  const diff = reportDiff(report([before]), report([after]));

  expect(diffText(diff)).toBe(
    '0 new, 0 resolved, 1 changed, 0 unchanged\n' +
      '~ low: is broken  [some-defect] at m1 (before: high)\n',
  );
});

test('a finding that another rejected connection became part of is new', () => {
  const before = { ...finding('m1'), folded: ['node1 to node2'] };
  const after = { ...finding('m1'), folded: ['node1 to node2', 'etcdctl to node1'] };

  const diff = reportDiff(report([before]), report([after]));

  expect(diffText(diff)).toBe(
    '1 new, 0 resolved, 0 changed, 0 unchanged\n' +
      '+ high: is broken  [some-defect] at m1 (now also rejected: etcdctl to node1)\n',
  );
  expect(JSON.parse(diffJson(diff))).toMatchObject({
    added: [
      {
        check: 'some-defect',
        severity: 'high',
        target: { name: 'm1' },
        message: 'is broken',
        newlyRejected: ['etcdctl to node1'],
      },
    ],
    resolved: [],
    unchanged: [],
  });
});

test('compares findings only, and shows hostile names harmless', () => {
  const passing: Result = { ...finding('m1'), verdict: { status: 'pass' } };

  const text = diffText(reportDiff(report([passing]), report([finding('\u001b[31mm1')])));

  expect(text).toContain('1 new');
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
