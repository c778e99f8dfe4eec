import { expect, test } from 'vitest';
import { wrap } from '../../src/report/layout.ts';

test('a long list without blanks is broken behind its commas', () => {
  expect(wrap('set ALPHA,BETA,GAMMA now', 12)).toEqual(['set', 'ALPHA,BETA,', 'GAMMA now']);
});

test('what has no comma is cut where the line ends', () => {
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
});
