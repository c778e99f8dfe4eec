import { expect, test } from 'vitest';
import type { Comparison } from '../../../testcluster/truth/compare.ts';
import { fidelityPage, type Row, summary, unexplained } from '../../../testcluster/truth/page.ts';

const equal: Comparison = {
  edge: 'client etcdctl -> https://10.0.0.1:2379',
  verdict: 'equal',
  forecast: 'refused by client: x509: one | two',
  real: 'refused by client: x509: one | two',
  about: [],
  inferred: false,
  unheard: true,
};

const differing: Comparison = {
  ...equal,
  verdict: 'differs',
  real: 'accepted',
  about: ['outcome'],
};

const releases = {
  had: [{ version: '3.4.23', goVersion: '1.19.8', source: 'installed on this machine' }],
  missing: ['etcd 3.6 could not be had: no Go here'],
  replayed: true,
};

function row(...comparisons: readonly Comparison[]): Row {
  return { fault: 'expired-server', what: 'it has expired', version: '3.4.23', comparisons };
}

test('counts edges by what came of them', () => {
  const rows = [row(equal, differing, { ...equal, verdict: 'not-sure' })];

  expect(summary(rows)).toBe('1 of 2 edges equal, 1 not sure, 0 not seen, in 1 runs of 1 faults');
});

test('says which releases could not be had, and keeps tables whole', () => {
  const page = fidelityPage([row(equal)], releases, []);

  expect(page).toContain('- not had: etcd 3.6 could not be had: no Go here');
  expect(page).toContain(
    '| expired-server | 3.4.23 | client etcdctl -> https://10.0.0.1:2379: refused by client: ' +
      'x509: one \\| two | refused by client: x509: one \\| two | yes (1) |',
  );
  expect(page).toContain('There are none.');
});

test('says what an equal edge does not prove', () => {
  const ended = { ...equal, inferred: true };
  const page = fidelityPage([row(equal, ended, ended)], releases, []);

  expect(page).toContain('- 2 of the equal edges were not dialled');
  expect(page).toContain('- In 1 others at least one of the two texts');
  expect(page).toContain('written with `--replay`');
});

test('a difference fails the run until it is explained', () => {
  const rows = [row(differing)];
  const explanation = {
    fault: 'expired-server',
    versions: /^3\.4/,
    edge: /^client/,
    because: 'etcd 3.4 thinks otherwise',
  };

  expect(unexplained(rows, [])).toHaveLength(1);
  expect(unexplained(rows, [explanation])).toEqual([]);
  expect(unexplained(rows, [{ ...explanation, versions: /^3\.5/ }])).toHaveLength(1);
  expect(fidelityPage(rows, releases, [explanation])).toContain(': etcd 3.4 thinks otherwise. ');
});
