import { expect, test } from 'vitest';
import { differenceOf, mapSources, substitute } from '../../../src/deployment/roles/substitute.ts';

test.each([
  ['a/node_1_cert.pem', 'a/node_2_cert.pem', [['1', '2']]],
  ['node1.pem', 'node2.pem', [['node1', 'node2']]],
  [
    'n1/n1-x.pem',
    'n2/n2-x.pem',
    [
      ['n1', 'n2'],
      ['n1', 'n2'],
    ],
  ],
  ['etcd-a1.pem', 'etcd-b1.pem', [['a1', 'b1']]],
  ['a.pem', 'a.pem', undefined],
  ['a/x.pem', 'x.pem', undefined],
])('%s and %s differ by %j', (left, right, difference) => {
  expect(differenceOf(left, right)).toEqual(difference);
});

test('replaces whole words alone', () => {
  const node2 = [['1', '2']] as const;

  expect(substitute('/etc/v1/node_1_key.pem', node2)).toBe('/etc/v1/node_2_key.pem');
  expect(substitute('1.pem', node2)).toBe('2.pem');
  expect(substitute('11.pem', node2)).toBe('11.pem');
});

test('leaves the list of all members as it is', () => {
  const changed = mapSources(
    [
      {
        kind: 'flags',
        arguments: [
          { text: '--name=a' },
          { text: '--initial-cluster=a=b' },
          { text: '--initial-cluster' },
          { text: 'c=d' },
        ],
      },
      {
        kind: 'environment',
        variables: [
          { name: 'ETCD_INITIAL_CLUSTER', value: 'a=b' },
          { name: 'ETCD_NAME', value: 'a' },
        ],
      },
    ],
    (text) => text.toUpperCase(),
  );

  expect(changed).toEqual([
    {
      kind: 'flags',
      arguments: [
        { text: '--NAME=A' },
        { text: '--initial-cluster=a=b' },
        { text: '--INITIAL-CLUSTER' },
        { text: 'c=d' },
      ],
    },
    {
      kind: 'environment',
      variables: [
        { name: 'ETCD_INITIAL_CLUSTER', value: 'a=b' },
        { name: 'ETCD_NAME', value: 'A' },
      ],
    },
  ]);
});
