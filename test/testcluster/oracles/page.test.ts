import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { Compared } from '../../../testcluster/oracles/judge.ts';
import {
  clientsSentence,
  oracleRows,
  type OracleResult,
  oraclesPage,
} from '../../../testcluster/oracles/page.ts';

function row(client: string, fault: string, verdict: Compared['verdict']): OracleResult {
  const about = verdict === 'differs' ? (['side'] as const) : [];
  const compared = { to: 'https://a:2379', about, reasons: [], forecast: 'f', real: 'r', verdict };
  return { client, release: '1', source: 'pip', etcd: '3.6.16', fault, compared };
}

const rows = [
  row('curl', 'sound', 'equal'),
  row('curl', 'expired-server', 'in-outcome'),
  row('patroni', 'expired-server', 'differs'),
  row('patroni', 'sound', 'not-compared'),
];

test('the page counts by client, and lists differences and what could not be had', () => {
  const page = oraclesPage(rows, [{ client: 'jetcd', because: 'there is no mvn on this machine' }]);

  expect(page).toContain('| curl | 1 | pip | 3.6.16 | 2 | 2 | 1 | 1 | 0 | 0 |');
  expect(page).toContain('| patroni | 1 | pip | 3.6.16 | 2 | 2 | 0 | 0 | 1 | 1 |');
  expect(page).toContain('- patroni, side (not explained yet): `expired-server`');
  expect(page).toContain('- jetcd: there is no mvn on this machine');
});

test('the sentence counts what was compared, and names the programs', () => {
  expect(clientsSentence(rows)).toContain(
    '2 of 3 connections of 2 clients as predicted, 1 of them in every text, 3 of 4 compared, in 2 faults',
  );
  expect(clientsSentence(rows)).toContain('curl, patroni');
});

test('the documents count the programs of the data file, whichever way they were asked', async () => {
  const [, ...lines] = (await readFile('docs/oracles.tsv', 'utf8')).trimEnd().split('\n');
  const programs = [...new Set(lines.map((line) => /^[^\s]+/.exec(line)?.[0]))];
  const asked = [
    row('etcdctl', 'sound', 'equal'),
    row('etcdctl with three endpoints', 'sound', 'equal'),
  ];

  const readme = await readFile('README.md', 'utf8');
  expect(readme).toContain(`connections of ${programs.length} clients as predicted`);
  expect(readme).toContain(`with real programs: ${programs.join(', ')} `);
  expect(await readFile('docs/fidelity.md', 'utf8')).toContain(
    `connections of ${programs.length} clients as predicted`,
  );
  expect(clientsSentence(asked)).toContain('of 1 clients as predicted');
});

test('the data file has a line for each connection, and no tab within a column', () => {
  const text = oracleRows(rows);

  expect(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').length),
  ).toEqual([9, 9, 9, 9, 9]);
});
