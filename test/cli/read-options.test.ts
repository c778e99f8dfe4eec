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

test.each([
  ['etcdVersion', '3.5.21'],
  ['etcdVersion', 'v3.4'],
  ['etcdVersion', 'main'],
  ['goVersion', 'go1.23.8'],
] as const)('takes %s %s for a release', (name, release) => {
  expect(new OptionReader({ [name]: release }).release(name)).toBe(release);
});

test.each([
  ['etcdVersion', '3.5.4_rc1'],
  ['etcdVersion', '3.4.23+dfsg-1'],
  ['goVersion', 'go1.16.15b7'],
  ['goVersion', '1.20.10b4'],
  ['goVersion', 'go1.24.6+auto'],
  ['goVersion', 'go1.24.4-X:nodwarf5'],
  ['goVersion', 'go1.22.7 X:boringcrypto'],
] as const)('takes %s %s, as programs print it', (name, release) => {
  expect(new OptionReader({ [name]: release }).release(name)).toBe(release);
});

test.each(['1.20.10c4', '1.2x', '1.24b'])('refuses %s for a release of Go', (goVersion) => {
  expect(() => new OptionReader({ goVersion }).release('goVersion')).toThrow(InputError);
});

test('splits comma lists across repetitions', () => {
  const options = new OptionReader({ only: ['a, b', 'c'] });

  expect(options.commaList('only')).toEqual(['a', 'b', 'c']);
});

test('reads a date as midnight UTC', () => {
  expect(new OptionReader({ at: '2027-01-31' }).instant('at')).toBe('2027-01-31T00:00:00.000Z');
});

function thrownBy(read: () => unknown): InputError | undefined {
  try {
    read();
  } catch (error) {
    if (error instanceof InputError) return error;
  }
  return undefined;
}
