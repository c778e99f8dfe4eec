import { expect, test } from 'vitest';
import { type Judged, verdictOf, withThreshold } from '../../src/evaluate/verdict.ts';
import type { Result } from '../../src/model/report.ts';
import type { Severity } from '../../src/model/severity.ts';
import { containing } from '../support/containing.ts';
import { withVerdict } from '../support/with-verdict.ts';

const waiver = {
  check: 'some-defect',
  target: '*',
  reason: 'known',
  owner: 'ops',
  expires: '2026-12-31',
};

test.each([
  { title: 'a pass', results: [result('pass')], status: 'pass' },
  { title: 'a finding at the threshold', results: [result('fail', 'high')], status: 'fail' },
  { title: 'a finding above it', results: [result('fail', 'critical')], status: 'fail' },
  { title: 'a finding below it', results: [result('fail', 'medium')], status: 'pass' },
  {
    title: 'a finding whose folded edges raise it to the threshold',
    results: [{ ...result('fail', 'medium'), severity: 'high' as const }],
    status: 'fail',
  },
  {
    title: 'a waived finding',
    results: [{ ...result('fail', 'high'), waived: waiver }],
    status: 'pass',
  },
  {
    title: 'a finding that the baseline has',
    results: [{ ...result('fail', 'high'), known: true }],
    status: 'pass',
  },
  { title: 'nothing at all', results: [], status: 'incomplete' },
  { title: 'nothing that applies', results: [result('not-applicable')], status: 'incomplete' },
  {
    title: 'an open question at the threshold',
    results: [result('pass'), result('inconclusive', 'high')],
    status: 'incomplete',
  },
  {
    title: 'an open question below it',
    results: [result('pass'), result('inconclusive', 'medium')],
    status: 'pass',
  },
  {
    title: 'an open question next to a finding',
    results: [result('fail'), result('inconclusive')],
    status: 'fail',
  },
  { title: 'a crash', results: [result('pass'), result('crashed')], status: 'incomplete' },
  {
    title: 'a crash next to a finding',
    results: [result('crashed'), result('fail')],
    status: 'fail',
  },
] as const)('$title is $status', ({ results, status }) => {
  expect(verdictOf(judged({ results })).status).toBe(status);
});

const pass = [result('pass')];

test('something that was asked for and not seen keeps the audit from a pass, and is named', () => {
  const gap = { what: 'running cluster', because: 'no endpoint could be reached', asked: true };
  const seen = verdictOf(judged({ results: pass, gaps: [gap] }));

  expect(seen).toMatchObject({ status: 'incomplete', next: containing(gap.because) });
  expect(verdictOf(judged({ results: pass, gaps: [{ ...gap, asked: false }] })).status).toBe(
    'pass',
  );
});

test('a file that was not understood keeps the audit from a pass, and is named', () => {
  const notUnderstood = [{ path: 'etcd.nomad', line: 3, reason: 'this is HCL' }];
  const { status, sentence, next } = verdictOf(judged({ results: pass, notUnderstood }));

  expect(status).toBe('incomplete');
  expect(sentence).toContain('etcd.nomad:3 was not understood: this is HCL');
  expect(next).toContain('etcd.nomad');
});

test('what is to be done about something that was not understood is the next step', () => {
  const unread = { path: 'ps.txt', line: 2, reason: 'other arguments', give: 'restart node1' };
  const { next } = verdictOf(judged({ results: pass, notUnderstood: [unread] }));

  expect(next).toBe('restart node1');
});

test('members without files keep the audit from a pass, and are named', () => {
  const scope = { kind: 'members', missing: ['node2', 'node3'], excerpts: [] } as const;
  const { status, sentence } = verdictOf(judged({ results: pass, scope }));

  expect(status).toBe('incomplete');
  expect(sentence).toContain('the files of node2 and node3 were not given');
});

test('certificates alone pass without a word about ports', () => {
  const scope = { kind: 'certificates', missing: [], excerpts: [] } as const;
  const { status, sentence } = verdictOf(judged({ results: pass, scope }));

  expect(status).toBe('pass');
  expect(sentence).toBe('no problems found; settings were not given, so ports were not judged');
});

test('a drop-in without its unit is said to be all that was read', () => {
  const scope = { kind: 'cluster', missing: [], excerpts: ['10-etcd.conf'] } as const;

  expect(verdictOf(judged({ results: pass, scope })).sentence).toContain(
    '10-etcd.conf was read as complete settings',
  );
});

test('a verify without rejected attempts says that it only predicts them', () => {
  const { sentence } = verdictOf(judged({ results: pass, command: 'verify', predictedOnly: true }));

  expect(sentence).toContain('predicted only');
  expect(sentence).not.toContain('running cluster behaves');
});

test('an expired waiver fails the run', () => {
  const waivers = [{ waiver, state: 'expired' as const }];

  expect(verdictOf(judged({ results: pass, waivers })).status).toBe('fail');
});

test('an open question says in which of several clusters', () => {
  const open = result('inconclusive');
  const results = [result('pass'), { ...open, target: { ...open.target, cluster: 'events' } }];

  expect(verdictOf(judged({ results })).sentence).toBe(
    'no problems found, but in cluster events: something was not seen',
  );
});

test('the open question that can be settled comes first, also where another is more severe', () => {
  const severe = result('inconclusive', 'critical');
  const settled = {
    ...result('inconclusive'),
    verdict: {
      status: 'inconclusive' as const,
      because: 'the etcd release is not given',
      give: 'give --etcd-version',
    },
  };

  expect(verdictOf(judged({ results: [result('pass'), severe, settled] }))).toMatchObject({
    sentence: 'no problems found, but the etcd release is not given (and 1 more open question)',
    next: 'give --etcd-version',
  });
});

test('a report keeps all that its verdict depends on', () => {
  const report = withVerdict({
    tool: { name: 'etcd-tls-audit', version: 'test' },
    command: 'check',
    collectedAt: '2026-01-01T00:00:00.000Z',
    checks: [],
    results: [result('fail', 'medium')],
    forecast: [],
    gaps: [],
    facts: {},
  });

  expect(report.verdict.status).toBe('pass');
  expect(withThreshold(report, 'medium').verdict.status).toBe('fail');
  expect(withThreshold(report, 'high').verdict).toEqual(report.verdict);
});

function judged(parts: Partial<Judged>): Judged {
  return {
    command: 'check',
    results: [],
    gaps: [],
    scope: { kind: 'cluster', missing: [], excerpts: [] },
    assumptions: [],
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
      remediation: 'Fix it.',
      references: [],
      standards: [],
    },
    target: { kind: 'cluster', name: 'cluster' },
    basis: 'stated',
    verdict: verdict(status),
  };
}

function verdict(status: Result['verdict']['status']): Result['verdict'] {
  switch (status) {
    case 'pass':
    case 'not-applicable':
      return { status };
    case 'fail':
      return { status, message: 'something is broken' };
    case 'inconclusive':
    case 'crashed':
      return { status, because: 'something was not seen' };
  }
}
