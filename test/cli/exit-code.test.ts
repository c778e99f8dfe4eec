import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';
import type { Report, Result } from '../../src/model/report.ts';
import type { Severity } from '../../src/model/severity.ts';

const waiver = {
  check: 'some-defect',
  target: '*',
  reason: 'known',
  owner: 'ops',
  expires: '2026-12-31',
};

const file = { path: 'ca.pem', size: 0, blocks: [], traps: [] };

const gate = { failOn: 'high', strict: false } as const;

test.each([
  { title: 'a pass', results: [result('pass')], code: 0 },
  { title: 'a finding at the threshold', results: [result('fail', 'high')], code: 1 },
  { title: 'a finding above the threshold', results: [result('fail', 'critical')], code: 1 },
  { title: 'a finding below the threshold', results: [result('fail', 'medium')], code: 0 },
  { title: 'a waived finding', results: [{ ...result('fail', 'high'), waived: waiver }], code: 0 },
  {
    title: 'a finding that the baseline knows',
    results: [{ ...result('fail', 'high'), known: true }],
    code: 0,
  },
  { title: 'nothing at all', results: [], code: 3 },
  { title: 'nothing that applies', results: [result('not-applicable')], code: 3 },
  { title: 'nothing that could be checked', results: [result('inconclusive')], code: 3 },
  { title: 'a crash beside a finding', results: [result('crashed'), result('fail')], code: 3 },
])('$title exits $code', ({ results, code }) => {
  expect(exitCode(report({ results }), gate)).toBe(code);
});

test('what could not be checked fails the run under --strict only', () => {
  const results = [result('pass'), result('inconclusive')];

  expect(exitCode(report({ results }), gate)).toBe(0);
  expect(exitCode(report({ results }), { ...gate, strict: true })).toBe(1);
});

test('something asked for and not seen is incomplete, unless there are findings anyway', () => {
  const gaps = [{ what: 'endpoints', because: 'none could be reached', asked: true }];

  expect(exitCode(report({ results: [result('pass')], gaps }), gate)).toBe(3);
  expect(exitCode(report({ results: [result('fail', 'high')], gaps }), gate)).toBe(1);
});

test('something not asked for and not seen is no fault', () => {
  const gaps = [{ what: 'endpoints', because: 'check does not dial', asked: false }];

  expect(exitCode(report({ results: [result('pass')], gaps }), gate)).toBe(0);
});

test('a file that could not be read is incomplete, unless there are findings anyway', () => {
  const facts = { files: [{ ...file, unreadable: 'permission denied' }] };

  expect(exitCode(report({ results: [result('pass')], facts }), gate)).toBe(3);
  expect(exitCode(report({ results: [result('pass')], facts: { files: [file] } }), gate)).toBe(0);
  expect(exitCode(report({ results: [result('fail')], facts }), gate)).toBe(1);
});

test('an expired waiver fails the run', () => {
  const waivers = [{ waiver, state: 'expired' as const }];

  expect(exitCode(report({ results: [result('pass')], waivers }), gate)).toBe(1);
});

function report(parts: Partial<Report>): Report {
  return {
    schemaVersion: 1,
    tool: { name: 'etcd-tls-audit', version: 'test' },
    command: 'check',
    collectedAt: '2026-01-01T00:00:00.000Z',
    checks: [],
    results: [],
    forecast: [],
    gaps: [],
    facts: {},
    ...parts,
  };
}

function result(status: Result['verdict']['status'], severity: Severity = 'high'): Result {
  return {
    check: {
      id: 'some-defect',
      title: 'Something is broken',
      severity,
      rationale: 'It breaks.',
      remediation: 'Mend it.',
      references: ['https://etcd.io/'],
      standards: [],
    },
    target: { kind: 'member', name: 'm1' },
    verdict: verdictOf(status),
  };
}

function verdictOf(status: Result['verdict']['status']): Result['verdict'] {
  switch (status) {
    case 'pass':
    case 'not-applicable':
      return { status };
    case 'fail':
      return { status, message: 'is broken' };
    case 'inconclusive':
    case 'crashed':
      return { status, because: 'of something' };
  }
}
