import { expect, test } from 'vitest';
import { judge } from '../../src/audit.ts';
import type { Member } from '../../src/model/inventory.ts';
import { sameAddresses } from '../../src/report/same-addresses.ts';
import { member } from '../fixtures/builders.ts';

const report = judge({ collectedAt: '2026-01-01T00:00:00.000Z', facts: {}, gaps: {} });

/** Two members that advertise one peer URL, at this address. */
function noteOn(other: Partial<Member> = {}, address = '10.0.0.1') {
  const members = [
    member({ name: 'old', address, with: { cluster: 'a' } }),
    member({ name: 'new', address, with: { cluster: 'a', ...other } }),
  ];
  return sameAddresses({ ...report, facts: { members } });
}

test('members of one cluster with one peer URL are named', () => {
  expect(noteOn()).toContain('old and new have the same peer URL, https://10.0.0.1:2380');
});

test.each([
  { what: 'is only supposed from its certificate', other: { known: 'supposed' } },
  { what: 'is of another cluster', other: { cluster: 'b' } },
] as const)('not where one $what', ({ other }) => {
  expect(noteOn(other)).toBeUndefined();
});

test.each(['127.0.0.1', '[::1]', 'localhost'])('not at %s, which every machine has', (address) => {
  expect(noteOn({}, address)).toBeUndefined();
});
