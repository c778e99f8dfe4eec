import { expect, test } from 'vitest';
import { OptionReader } from '../../src/cli/read-options.ts';

test.each([
  { at: '2027-01-31', moment: '2027-01-31T00:00:00.000Z' },
  { at: '2028-02-29', moment: '2028-02-29T00:00:00.000Z' },
  { at: '2027-01-31T12:30:15Z', moment: '2027-01-31T12:30:15.000Z' },
  { at: '2027-01-31T12:30:15.5+02:00', moment: '2027-01-31T10:30:15.500Z' },
  { at: '2027-01-31 12:30', moment: '2027-01-31T12:30:00.000Z' },
  { at: '2027-01-31 12:30 UTC', moment: '2027-01-31T12:30:00.000Z' },
])('$at is $moment', ({ at, moment }) => {
  expect(new OptionReader({ at }).instant('at')).toBe(moment);
});

test.each([
  '2027-02-29',
  '2027-02-30T12:00:00Z',
  '2027-13-01',
  '2027-01-31T25:00',
  '31.01.2027',
  'tomorrow',
])('no moment: %s', (at) => {
  expect(() => new OptionReader({ at }).instant('at')).toThrow(/--at cannot be/);
});
