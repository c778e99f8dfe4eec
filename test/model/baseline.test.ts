import { expect, test } from 'vitest';
import { baselineOf, isKnown } from '../../src/model/baseline.ts';
import type { Result } from '../../src/model/report.ts';

const [peer, client] = ['peer node1 to node2', 'client etcdctl to node1'];

test('a finding is known by check and target, whatever the wording', () => {
  const baseline = baselineOf([finding('m1', { message: 'worded otherwise' })]);

  expect(isKnown(finding('m1'), baseline)).toBe(true);
  expect(isKnown(finding('m2'), baseline)).toBe(false);
  expect(isKnown({ ...finding('m1'), verdict: { status: 'pass' } }, baseline)).toBe(false);
});

test.each([
  { before: [peer], after: [peer], known: true },
  { before: [peer, client], after: [peer], known: true },
  { before: [peer], after: [peer, client], known: false },
  { before: [], after: [client], known: false },
])('$before were part of it, now $after: known $known', ({ before, after, known }) => {
  const baseline = baselineOf([finding('m1', { folded: before })]);

  expect(isKnown(finding('m1', { folded: after }), baseline)).toBe(known);
});

test('a refused connection that was a finding of its own is known when it becomes a part', () => {
  const baseline = baselineOf([finding('m1'), finding(peer)]);

  expect(isKnown(finding('m1', { folded: [peer] }), baseline)).toBe(true);
});

test('a connection of a member to itself is known by the name that release 0.1.0 gave it', () => {
  const baseline = baselineOf([finding('m1', { folded: ['self m1 -> https://10.0.0.1:2379'] })]);
  const to = (address: string) =>
    finding('m1', { folded: [`m1 to itself (https://${address}:2379)`] });

  expect(isKnown(to('10.0.0.1'), baseline)).toBe(true);
  expect(isKnown(to('10.0.0.2'), baseline)).toBe(false);
});

const at = (name: string): Result => ({
  ...finding(name),
  target: { kind: 'endpoint', name },
});

test('a finding about a URL is known at each address of its name', () => {
  const url = 'https://etcd.example:2379';

  expect(isKnown(at(`${url} at 10.0.0.2`), baselineOf([at(url)]))).toBe(true);
  expect(isKnown(at(`${url} at 10.0.0.2`), baselineOf([at(`${url} at 10.0.0.3`)]))).toBe(false);
});

function finding(
  name: string,
  { message = 'is broken', folded }: { message?: string; folded?: readonly string[] } = {},
): Result {
  return {
    check: {
      id: 'some-defect',
      title: 'Something is broken',
      severity: 'high',
      rationale: 'It breaks.',
      remediation: 'Fix it.',
      references: ['https://etcd.io/'],
      standards: [],
    },
    target: { kind: 'member', name },
    basis: 'stated',
    verdict: { status: 'fail', message },
    ...(folded !== undefined && { folded }),
  };
}
