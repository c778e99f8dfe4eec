import { expect, test } from 'vitest';
import { naturally } from '../../src/model/natural-order.ts';

const collator = new Intl.Collator('en', { numeric: true });

test('numbers in names count as numbers', () => {
  const sorted = ['node10', 'node2', 'node1', 'Node2', 'etcd-10.0.0.9', 'etcd-10.0.0.10'].toSorted(
    naturally,
  );

  expect(sorted).toEqual(['etcd-10.0.0.9', 'etcd-10.0.0.10', 'node1', 'node2', 'Node2', 'node10']);
});

test.each([
  ['all of ASCII that is printed', 32, 126, 4],
  ['names, addresses and paths', 45, 58, 6],
  ['letters of both cases', 65, 90, 3],
  ['text beyond ASCII', 32, 591, 3],
])('the order of %s is that of Unicode', (_, first, last, length) => {
  const texts = Array.from({ length: 400 }, (__, seed) => textOf(seed, { first, last, length }));
  const different = texts.flatMap((one) =>
    texts
      .filter((other) => Math.sign(naturally(one, other)) !== collator.compare(one, other))
      .map((other) => [one, other]),
  );

  expect(different).toEqual([]);
  expect(texts.toSorted(naturally)).toEqual(texts.toSorted(collator.compare));
});

interface Alphabet {
  readonly first: number;
  readonly last: number;
  readonly length: number;
}

/** The same text for the same seed, of characters that recur, half of them with a digit and in the other case. */
function textOf(seed: number, { first, last, length }: Alphabet): string {
  const text = Array.from({ length: 1 + (seed % length) }, (_, index) => {
    const step = (seed * 7919 + index * 104_729 + seed * seed * index) % (last - first + 1);
    return String.fromCharCode(first + step);
  }).join('');
  const mixed = seed % 3 === 0 ? text.toLowerCase() : text;
  return seed % 2 === 0 ? `${mixed}${seed % 12}` : mixed;
}
