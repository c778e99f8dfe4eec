import { describe, expect, test } from 'vitest';
import { matrix } from '../../src/report/matrix.ts';
import { plainPaint } from '../../src/report/style.ts';
import { anEdge, peerMesh } from '../support/edges.ts';

const five = ['node1', 'node2', 'node3', 'node4', 'node5'];

describe('the matrix of handshakes', () => {
  test('keeps the ends of names that begin alike', () => {
    const names = ['etcd-events-a', 'etcd-events-b'];
    const edges = peerMesh(names, []);

    expect(matrix(edges, { width: 80, isWhole: true })[0]).toContain('…d-events-a …d-events-b');
  });

  test('shows clients in rows, servers in columns, and what the words mean', () => {
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

    expect(matrix(edges, { width: 80, isWhole: true })).toEqual([
      'peers   node1       node2',
      '  node1 -           ok',
      '  node2 rejected    -',
      '',
      'clients            node1       node2',
      '  etcdctl          ok          rejects',
      '  gateway (itself) ok          -',
      '',
      'not authorized, client port',
      '                 node1       node2',
      '  no certificate rejected    -',
      '',
      'not authorized, peer port',
      '          node1       node2',
      '  etcdctl accepted    -',
      '',
      'rows connect, columns listen',
      'rejected: the server rejects the client certificate, or requires one',
      'rejects: the client rejects the server',
      '',
      '1 of 2 peer and 2 of 3 client connections are predicted to succeed',
      '1 of 2 unauthorized connections is predicted to be rejected',
    ]);
  });

  test('fits 80 columns for five members with long names', () => {
    const long = five.map((name) => `${name}.very-long-name.example.org`);
    const lines = matrix(peerMesh(long), { width: 80, isWhole: true });

    expect(lines[0]?.match(/node\d\.very/g)).toHaveLength(5);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('folds the columns that do not fit into further tables', () => {
    const lines = matrix(peerMesh(five), { width: 50, isWhole: true });

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
        isWhole: true,
      }),
    ).toContain('  etcdctl ok          not sure');
  });

  test('shows the worst of several URLs, and paints what is not as it should be', () => {
    const edges = [anEdge({}), anEdge({ outcome: 'refused', refusedBy: 'start' })];
    const paint = {
      ...plainPaint,
      bad: (text: string) => `<${text.trim()}>`,
    };

    expect(matrix(edges, { width: 80, paint, isWhole: true })).toContain(
      '  node1 -           <not running>',
    );
  });

  test('keeps hostile names harmless', () => {
    const lines = matrix([anEdge({ from: '\u001B[31mred', member: 'node\n2' })], {
      width: 80,
      isWhole: true,
    }).join('');

    expect(lines.includes('\u001B')).toBe(false);
    expect(lines.includes('\n')).toBe(false);
  });

  test('paints each line of the legend by itself', () => {
    const paint = { ...plainPaint, faint: (...texts: readonly string[]) => texts.join('|') };

    const lines = matrix([anEdge({})], { width: 80, paint, isWhole: true });

    expect(lines.join('\n')).not.toContain('|');
  });

  test('counts what is as it should be, and shows only the rest', () => {
    const fifty = Array.from({ length: 50 }, (_, index) => `node${index + 1}`);

    expect(matrix(peerMesh(fifty), { width: 80 })).toEqual([
      'all 2450 peer connections are predicted to succeed',
    ]);
    const lines = matrix(peerMesh(fifty, ['node10>node9', 'node2>node9']), { width: 80 });
    expect(lines.slice(0, 3)).toEqual(['peers    node9', '  node2  rejected', '  node10 rejected']);
    expect(lines.at(-1)).toBe('2448 of 2450 peer connections are predicted to succeed');
  });

  test('is nothing without edges', () => {
    expect(matrix([], { width: 80 })).toEqual([]);
  });

  test('of verify shows what was seen, and puts in brackets what was not tried', () => {
    const client = { edge: 'client', from: 'etcdctl' } as const;
    const edges = [
      ...peerMesh(['node1', 'node2', 'node3'], ['node1>node2']),
      anEdge({ ...client, member: 'node1', observed: { outcome: 'accepted' } }),
      anEdge({ ...client, member: 'node2', observed: { outcome: 'refused', refusedBy: 'server' } }),
      anEdge({ ...client, member: 'node3', observed: { outcome: 'unreachable' } }),
    ];

    expect(matrix(edges, { width: 80, command: 'verify', isWhole: true })).toEqual([
      'peers   node1       node2       node3',
      '  node1 -           (rejected)  (ok)',
      '  node2 (ok)        -           (ok)',
      '  node3 (ok)        (ok)        -',
      '',
      'clients   node1       node2       node3',
      '  etcdctl ok          rejected!   not reached',
      '',
      'rows connect, columns listen',
      'rejected: the server rejects the client certificate, or requires one',
      'not reached: no connection to the port was established',
      '(in brackets): predicted, not observed; without brackets: observed',
      '!: observed, and not what the files predict',
      '',
      '1 of 3 client connections succeeded',
      '5 of 6 peer connections are predicted to succeed',
    ]);
  });

  test('of several URLs of which one was not tried, it shows that one', () => {
    const seen = anEdge({ observed: { outcome: 'accepted' } });

    const lines = matrix([seen, anEdge({})], { width: 80, command: 'verify', isWhole: true });
    expect(lines[1]).toContain('(ok)');
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

    const lines = matrix(edges, { width: 80, isWhole: true });
    expect(lines.slice(0, 3)).toEqual([
      'peers   node1       node2',
      '  node1 -           ok?',
      '  node2 ok          -',
    ]);
    expect(lines).toContain('?: rests on an assumption, because settings are missing');
  });

  test('says why an outcome is unclear, and counts these connections apart', () => {
    const error =
      'closed after the handshake: the attempt came from 10.0.0.9, which is not an address of node1';
    const edges = peerMesh(['node1', 'node2', 'node3']).map((edge) =>
      edge.from === 'node1' ? { ...edge, observed: { outcome: 'unclear' as const, error } } : edge,
    );

    expect(matrix(edges, { width: 80, command: 'verify' })).toEqual([
      'peers   node2       node3',
      '  node1 unclear     unclear',
      '',
      'rows connect, columns listen',
      'unclear: the response does not show the outcome',
      '  node1 to node2 and node3: closed after the handshake: the attempt came from',
      '  10.0.0.9, which is not an address of node1',
      '',
      '4 of 6 peer connections are predicted to succeed',
      '2 of 6 peer connections are unclear and predicted to succeed',
    ]);
  });

  test('counts an unclear outcome only where the prediction is as it should be', () => {
    const unclear = { outcome: 'unclear' as const, error: 'closed' };
    const edges = [
      anEdge({ observed: unclear }),
      anEdge({ from: 'node2', member: 'node1', observed: unclear, outcome: 'refused' }),
      anEdge({ from: 'node3', member: 'node1', observed: unclear, outcome: 'not-sure' }),
    ];

    const lines = matrix(edges, { width: 80, command: 'verify' });
    expect(lines.at(-1)).toBe('1 of 3 peer connections is unclear and predicted to succeed');
  });

  test('keeps reasons within the width, with their indentation', () => {
    const error = Array.from({ length: 60 }, () => 'a').join(' ');
    const edges = [anEdge({ observed: { outcome: 'unclear', error } })];

    for (const width of [79, 80]) {
      const lines = matrix(edges, { width, command: 'verify' });
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  test('of several accesses that should be rejected, it shows the one that was observed', () => {
    const access = { edge: 'intruder', from: 'nobody' } as const;
    const seen = anEdge({ ...access, observed: { outcome: 'accepted' }, outcome: 'accepted' });
    const predicted = anEdge({ ...access, outcome: 'accepted' });

    for (const edges of [
      [seen, predicted],
      [predicted, seen],
    ]) {
      const lines = matrix(edges, { width: 80, command: 'verify' }).join('\n');
      expect(lines).toMatch(/no certificate accepted$/m);
    }
  });

  test('lists few reasons of unclear outcomes, and none that holds control characters', () => {
    const edges = peerMesh(five).map((edge) => ({
      ...edge,
      observed: { outcome: 'unclear' as const, error: `\u001B[31m${edge.from}${edge.member}` },
    }));

    const lines = matrix(edges, { width: 80, command: 'verify' });
    expect(lines.join('').includes('\u001B')).toBe(false);
    expect(lines).toContain('  and 16 more');
    expect(lines.at(-1)).toBe('all 20 peer connections are unclear and predicted to succeed');
  });

  test('keeps within 80 columns for long words in brackets', () => {
    const edges = peerMesh(five).map((edge) => ({
      ...edge,
      outcome: 'refused' as const,
      refusedBy: 'never-dials' as const,
      basis: 'assumed' as const,
    }));

    const lines = matrix(edges, { width: 80, command: 'verify', isWhole: true });
    expect(lines.join('\n')).toContain('(no attempt?)');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
