import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/report/matrix.ts';
import { plainPaint } from '../../src/report/style.ts';
import { anEdge, peerMesh } from '../support/edges.ts';

const five = ['node1', 'node2', 'node3', 'node4', 'node5'];

describe('the matrix of handshakes', () => {
  test('keeps the ends of names that begin alike', () => {
    const names = ['etcd-events-a', 'etcd-events-b'];
    const edges = peerMesh(names, []);

    expect(matrix(edges, { width: 80 })[0]).toContain('…d-events-a …d-events-b');
  });

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

    expect(matrix(edges, { width: 80 })).toEqual([
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
    const lines = matrix(peerMesh(long), { width: 80 });

    expect(lines[0]?.match(/node\d\.very/g)).toHaveLength(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('folds the columns that do not fit into further tables', () => {
    const lines = matrix(peerMesh(five), { width: 50 });

    expect(lines.filter((line) => line.startsWith('peers'))).toEqual([
      'peers   node1       node2       node3',
      'peers   node4       node5',
    ]);
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(50);
  });

  test('has a column for endpoints that belong to no member, where there are any', () => {
    const { member, ...edge } = anEdge({ edge: 'client', from: 'etcdctl', outcome: 'not-sure' });

    expect(
      matrix([anEdge({ edge: 'client', from: 'etcdctl', member: member ?? '' }), edge], {
        width: 80,
      }),
    ).toContain('  etcdctl ok          not sure');
  });

  test('shows the worst of several URLs, and paints what is not as it should be', () => {
    const edges = [anEdge({}), anEdge({ outcome: 'refused', refusedBy: 'start' })];
    const paint = {
      ...plainPaint,
      bad: (text: string) => `<${text.trim()}>`,
    };

    expect(matrix(edges, { width: 80, paint })).toContain('  node1 -           <not running>');
  });

  test('keeps hostile names harmless', () => {
    const lines = matrix([anEdge({ from: '\u001B[31mred', member: 'node\n2' })], {
      width: 80,
    }).join('');

    expect(lines.includes('\u001B')).toBe(false);
    expect(lines.includes('\n')).toBe(false);
  });

  test('paints each line of the legend by itself', () => {
    const paint = { ...plainPaint, faint: (...texts: readonly string[]) => texts.join('|') };

    const lines = matrix([anEdge({})], { width: 80, paint });

    expect(lines.join('\n')).not.toContain('|');
  });

  test('is nothing without edges', () => {
    expect(matrix([], { width: 80 })).toEqual([]);
  });

  test('of verify shows what was seen, and puts in brackets what nobody tried', () => {
    const client = { edge: 'client', from: 'etcdctl' } as const;
    const edges = [
      ...peerMesh(['node1', 'node2', 'node3'], ['node1>node2']),
      anEdge({ ...client, member: 'node1', observed: { outcome: 'accepted' } }),
      anEdge({ ...client, member: 'node2', observed: { outcome: 'refused', refusedBy: 'server' } }),
      anEdge({ ...client, member: 'node3', observed: { outcome: 'unreachable' } }),
    ];

    expect(matrix(edges, { width: 80, command: 'verify' })).toEqual([
      'peers   node1       node2       node3',
      '  node1 -           (refused)   (ok)',
      '  node2 (ok)        -           (ok)',
      '  node3 (ok)        (ok)        -',
      '',
      'clients   node1       node2       node3',
      '  etcdctl ok          refused!    not reached',
      '',
      'rows dial, columns listen',
      'refused: the listening side refuses the certificate shown, or the lack of one',
      'not reached: no connection to the port came about',
      '(in brackets): predicted, not observed; without brackets: observed',
      '!: seen, and predicted otherwise from the files',
    ]);
  });

  test('of several URLs of which one was not tried, it shows that one', () => {
    const seen = anEdge({ observed: { outcome: 'accepted' } });

    expect(matrix([seen, anEdge({})], { width: 80, command: 'verify' })[1]).toContain('(ok)');
  });

  test('marks what rests on an assumption, unless it was seen', () => {
    const edges = [
      anEdge({ basis: 'assumed' }),
      anEdge({
        from: 'node2',
        member: 'node1',
        basis: 'assumed',
        observed: { outcome: 'accepted' },
      }),
    ];

    const lines = matrix(edges, { width: 80 });
    expect(lines.slice(0, 3)).toEqual([
      'peers   node1       node2',
      '  node1 -           ok?',
      '  node2 ok          -',
    ]);
    expect(lines).toContain('?: rests on an assumption, for want of settings');
  });

  test('keeps within 80 columns for long words in brackets', () => {
    const edges = peerMesh(five).map((edge) => ({
      ...edge,
      outcome: 'refused' as const,
      refusedBy: 'never-dials' as const,
      basis: 'assumed' as const,
    }));

    const lines = matrix(edges, { width: 80, command: 'verify' });
    expect(lines.join('\n')).toContain('(cannot dial?)');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
