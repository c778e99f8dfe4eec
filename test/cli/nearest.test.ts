import { expect, test } from 'vitest';
import { nearest } from '../../src/cli/nearest.ts';

const known = ['certificate-expired', 'certificate-expires-soon', 'weak-rsa-key'];

test.each([
  ['certificate-expird', 'certificate-expired'],
  ['weak-rsa', 'weak-rsa-key'],
  ['certificate', undefined],
  ['something-else-entirely', undefined],
])('takes %j for %j', (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});
