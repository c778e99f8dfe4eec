import { expect, test } from 'vitest';
import { groupAlike, mergeTexts } from '../../src/model/alike.ts';
import { enumerate } from '../../src/model/words.ts';

function grouped(texts: readonly (readonly [name: string, text: string])[]) {
  return groupAlike(texts, ([name, text]) => ({ name, text })).map((same) =>
    mergeTexts(same.map(([, text]) => text)),
  );
}

test('texts that differ in names and values are one, with the values in natural order', () => {
  expect(
    grouped([
      ['node10', 'the certificate of node10 expires in 9 days, and etcd stops'],
      ['node2', 'the certificate of node2 expires in 9 days, and etcd stops'],
    ]),
  ).toEqual(['the certificate of node2 and node10 expires in 9 days, and etcd stops']);
});

test('a list names nothing twice', () => {
  expect(enumerate(['node1', 'node1'])).toBe('node1');
  expect(enumerate(['a', 'b', 'a', 'c', 'd'], 3)).toBe('a, b and 2 others');
  expect(mergeTexts(['node1, which is down', 'node1 which is down'])).toBe('node1, which is down');
});

test('texts that differ in a word are two', () => {
  expect(
    grouped([
      ['node1', 'node1 accepts the certificate'],
      ['node2', 'node2 rejects the certificate'],
    ]),
  ).toHaveLength(2);
});

test('long lists are counted', () => {
  const names = Array.from({ length: 50 }, (_, index) => `node${index + 1}`);

  expect(grouped(names.map((name) => [name, `${name} is down`]))).toEqual([
    'node1, node2, node3 and 47 others are down',
  ]);
});

const lost = (from: string, to: string) => [from, `${from} has no open stream to ${to}`] as const;

test('the verb of several subjects is in the plural, and that of one subject is not', () => {
  expect(grouped([lost('node1', 'node3'), lost('node2', 'node3')])).toEqual([
    'node1 and node2 have no open stream to node3',
  ]);
  expect(grouped([lost('node1', 'node20'), lost('node1', 'node30')])).toEqual([
    'node1 has no open stream to node20 and node30',
  ]);
});
