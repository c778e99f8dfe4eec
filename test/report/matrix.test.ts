import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/report/matrix.ts';
import { plainPaint } from '../../src/report/style.ts';
import { anEdge, peerMesh } from '../support/edges.ts';

const five = ['node1', 'node2', 'node3', 'node4', 'node5'];

describe('the matrix of handshakes', () => {
  test('shows who dials in rows, who listens in columns, and what the words mean', () => {
    const edges = [
      ...peerMesh(['node1', 'node2'], ['node2>node1']),
      anEdge({ edge: 'client', from: 'etcdctl', member: 'node1' }),
      anEdge({
        edge: 'client',
        from: 'etcdctl',
        member: 'node2',
        outcome: 'refused',
        refusedBy: 'client',
      }),
      anEdge({ edge: 'self', from: 'node1', member: 'node1' }),
      anEdge({
        edge: 'intruder',
        from: 'nobody',
        member: 'node1',
        port: 'client',
        outcome: 'refused',
      }),
      anEdge({ edge: 'intruder', from: 'etcdctl', member: 'node1', port: 'peer' }),
    ];

    expect(matrix(edges, 80)).toEqual([
      'peers   node1       node2',
      '  node1 -           ok',
      '  node2 refused     -',
      '',
      'clients            node1       node2',
      '  etcdctl          ok          refuses',
      '  itself (gateway) ok          -',
      '',
      'intruders, client port',
      '         node1       node2',
      '  nobody refused     -',
      '',
      'intruders, peer port',
      '          node1       node2',
      '  etcdctl let in      -',
      '',
      'rows dial, columns listen',
      'refused: the listening side refuses the certificate shown, or the lack of one',
      'refuses: the dialling side refuses what it finds',
    ]);
  });

  test('fits 80 columns for five members with long names', () => {
    const long = five.map((name) => `${name}.very-long-name.example.org`);
    const lines = matrix(peerMesh(long), 80);

    expect(lines[0]?.match(/node\d\.very/g)).toHaveLength(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('folds the columns that do not fit into further tables', () => {
    const lines = matrix(peerMesh(five), 50);

    expect(lines.filter((line) => line.startsWith('peers'))).toEqual([
      'peers   node1       node2       node3',
      'peers   node4       node5',
    ]);
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(50);
  });

  test('has a column for endpoints that belong to no member, where there are any', () => {
    const { member, ...edge } = anEdge({ edge: 'client', from: 'etcdctl', outcome: 'not-sure' });

    expect(
      matrix([anEdge({ edge: 'client', from: 'etcdctl', member: member ?? '' }), edge], 80),
    ).toContain('  etcdctl ok          not sure');
  });

  test('shows the worst of several URLs, and paints what is not as it should be', () => {
    const edges = [anEdge({}), anEdge({ outcome: 'refused', refusedBy: 'start' })];
    const paint = {
      ...plainPaint,
      bad: (text: string) => `<${text.trim()}>`,
    };

    expect(matrix(edges, 80, paint)).toContain('  node1 -           <not running>');
  });

  test('keeps hostile names harmless', () => {
    const lines = matrix([anEdge({ from: '\u001B[31mred', member: 'node\n2' })], 80).join('');

    expect(lines.includes('\u001B')).toBe(false);
    expect(lines.includes('\n')).toBe(false);
  });

  test('paints each line of the legend by itself', () => {
    const paint = { ...plainPaint, faint: (...texts: readonly string[]) => texts.join('|') };

    const lines = matrix([anEdge({})], 80, paint);

    expect(lines.join('\n')).not.toContain('|');
  });

  test('is nothing without edges', () => {
    expect(matrix([], 80)).toEqual([]);
  });
});
