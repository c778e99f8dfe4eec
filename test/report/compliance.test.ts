import { expect, test } from 'vitest';
import type { CheckMetadata } from '../../src/model/check.ts';
import type { Result } from '../../src/model/report.ts';
import { compliance, controlVerdicts, standardsOf } from '../../src/report/compliance.ts';
import { allPassed, check, everyVerdict, hostile } from './every-verdict.ts';

const standard = 'CIS Kubernetes 1.12';

function covering(id: string, ...controls: readonly string[]): CheckMetadata {
  const standards = controls.map((control) => ({
    standard,
    control,
    title: `title of ${control}`,
    component: 'client-port' as const,
  }));
  return { ...check(id, 'high'), standards };
}

const open = covering('client-port-open', '2.2', '2.10');
const auto = covering('auto-tls', '2.2');

function result(of: CheckMetadata, verdict: Result['verdict']): Result {
  return { check: of, target: { kind: 'member', name: 'node1' }, basis: 'stated', verdict };
}

const pass = { status: 'pass' } as const;
const fail = { status: 'fail', message: `open to ${hostile}` } as const;
const waived = { check: 'x', target: '*', reason: 'r', owner: 'ops', expires: '2027-01-01' };

test.each<[string, readonly Result[], string, string]>([
  [
    'passes when all its checks do',
    [result(open, pass), result(auto, pass)],
    'pass',
    'client-port-open and auto-tls passed 2 times, from files alone',
  ],
  [
    'fails when one of them does',
    [result(open, pass), result(auto, fail)],
    'fail',
    'auto-tls at node1: open to',
  ],
  [
    'stays open when one could not be answered',
    [result(open, pass), result(auto, { status: 'inconclusive', because: 'no route' })],
    'open',
    'auto-tls at node1: no route',
  ],
  [
    'is waived when its only failure is',
    [result(open, pass), { ...result(auto, fail), waived }],
    'waived',
    '(waived until 2027-01-01 by ops)',
  ],
  [
    'is not judged when no check was put',
    [],
    'not judged',
    'client-port-open and auto-tls: not run',
  ],
  [
    'is not applicable when none applies',
    [result(auto, { status: 'not-applicable' })],
    'not applicable',
    'not applicable, because no settings describe a client port, and none was observed',
  ],
])('a control %s', (_name, results, status, evidence) => {
  const [verdict] = controlVerdicts({ ...allPassed, results }, standard, [open, auto]);

  expect(verdict).toMatchObject({ control: '2.2', title: 'title of 2.2', status });
  expect(verdict?.evidence.join('; ')).toContain(evidence);
});

test('lists controls in their own order, with evidence that stays text', async () => {
  const results = [result(auto, fail), result(open, pass)];

  const table = compliance({ ...allPassed, results }, standard, [open, auto]);

  await expect(table).toMatchFileSnapshot('golden/compliance.txt');
});

test('knows which benchmarks the checks cover', () => {
  expect(standardsOf([open, auto, ...everyVerdict.checks])).toEqual([standard, 'cis-1.12']);
});
