import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layoutOf } from '../../src/diagnoses/layouts.ts';
import { wordings } from '../../src/diagnoses/reading.ts';

/**
 * Lines come from attackers. A pattern costs at most a fixed number of steps at each position where all
 * its repetitions are bounded, and none is repeated itself.
 */
const unbounded = /(?<!\\)(?:\\\\)*(?:[*+]|\{\d+,\})/;

/** Character classes hold no repetitions, escapes are one character. */
function withoutClasses(source: string): string {
  return source.replaceAll(/\\./g, 'e').replaceAll(/\[[^\]]*\]/g, 'c');
}

test.each(wordings)('%s %s repeats nothing without bound', (_id, pattern) => {
  expect(withoutClasses(pattern.source)).not.toMatch(unbounded);
});

test.each(wordings)('%s %s repeats no repetition', (_id, { source }) => {
  const groups = withoutClasses(source).matchAll(
    /\((?:\?[:<=!]*(?:\w+>)?)?([^()]*)\)\{(?:\d+,)?(\d+)\}/g,
  );

  const products = Array.from(groups, ([, inner = '', times]) => {
    const longest = [...inner.matchAll(/\{\d+(?:,(\d+))?\}/g)].map(([, most]) => Number(most ?? 1));
    return Number(times) * Math.max(1, ...longest);
  });
  expect(products.filter((product) => product >= 1000)).toEqual([]);
});

/** Patterns elsewhere in the folder that see whole lines; those that see addresses or words are anchored. */
test.each([
  'layouts.ts',
  'log-line.ts',
  'writer.ts',
  'target.ts',
  'explain-log.ts',
  'rules/rule.ts',
])('patterns in %s are bounded or anchored', (file) => {
  const text = readFileSync(join('src/diagnoses', file), 'utf8');
  const literals = text.matchAll(
    /(?<=[([,:=] ?|^ {2,8}|return )\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n[])+)\/[a-z]*/gm,
  );
  const sources = [...literals]
    .map(([, source = '']) => source)
    .filter((source) => !source.startsWith('*'));

  expect(sources.length).toBeGreaterThan(0);
  const strays = sources.filter((source) => {
    const plain = withoutClasses(source).replace(
      /\(\.c?\*\)\$$|\(\?<rest>\.\*\)\$$|\(\.\*\)\$$/,
      '',
    );
    return unbounded.test(plain) && !splits.includes(source);
  });
  expect(strays).toEqual([]);
});

/** Splitting at runs, and replacing them, passes over a text once. */
const splits = String.raw`[\s,"]+ \s+ \d+`.split(' ');

test('no file of patterns was forgotten', () => {
  const files = readdirSync('src/diagnoses/signals');

  expect(files.toSorted((one, other) => one.localeCompare(other))).toEqual([
    'alerts.ts',
    'etcd.ts',
    'host.ts',
    'signal.ts',
    'transport.ts',
    'verification.ts',
  ]);
});

test('of a line of any length a fixed part is read, head and tail', () => {
  const { text } = layoutOf(`head ${'x'.repeat(1_000_000)} x509: certificate has expired`);

  expect(text.length).toBeLessThan(9000);
  expect(text.startsWith('head ')).toBe(true);
  expect(text.endsWith('x509: certificate has expired')).toBe(true);
});
