import { expect, test } from 'vitest';
import { InputError } from '../../src/input-error.ts';
import { OptionReader } from '../../src/cli/read-options.ts';

test.each([
  ['5s', 5000],
  ['800ms', 800],
  ['2m', 120_000],
  ['1.5', 1500],
])('reads the duration %s as %d ms', (timeout, milliseconds) => {
  expect(new OptionReader({ timeout }).duration('timeout')).toBe(milliseconds);
});

test.each([
  { read: (o: OptionReader) => o.duration('timeout'), options: { timeout: 'soon' } },
  { read: (o: OptionReader) => o.duration('timeout'), options: { timeout: '0s' } },
  { read: (o: OptionReader) => o.severity('failOn'), options: { failOn: 'huge' } },
  { read: (o: OptionReader) => o.positiveInteger('concurrency'), options: { concurrency: '0' } },
  { read: (o: OptionReader) => o.instant('at'), options: { at: 'tomorrow' } },
  { read: (o: OptionReader) => o.instant('at'), options: { at: '2027-13-45' } },
  { read: (o: OptionReader) => o.pairs('map'), options: { map: ['/etc/ssl'] } },
  { read: (o: OptionReader) => o.release('etcdVersion'), options: { etcdVersion: 'newest' } },
])('refuses $options with a hint', ({ read, options }) => {
  const refusal = thrownBy(() => read(new OptionReader(options)));

  expect(refusal).toMatchObject({ code: 'OPTION_INVALID' });
  expect(refusal?.hint).toMatch(/\S/);
});

test('names the option as the operator typed it', () => {
  expect(() => new OptionReader({ failOn: 'huge' }).severity('failOn')).toThrowError(/--fail-on/);
});

