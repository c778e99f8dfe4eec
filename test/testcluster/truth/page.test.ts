import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type RefusalRule, refusalRules } from '../../../src/model/refusal.ts';
import type { Comparison } from '../../../testcluster/truth/compare.ts';
import {
  complaints,
  type FaultResult,
  summary,
  tally,
} from '../../../testcluster/truth/judge-run.ts';
import {
  complaintsAboutRules,
  eachGoPage,
  fidelityPage,
  fidelityRows,
  officialPage,
  rulesPart,
  unconfirmedRules,
  withConfirmed,
} from '../../../testcluster/truth/page.ts';
import { unconfirmable } from '../../../testcluster/truth/unconfirmable.ts';

const equal: Comparison = {
  edge: 'client etcdctl -> https://10.0.0.1:2379',
  verdict: 'equal',
  forecast: 'refused by client: x509: one | two',
  real: 'refused by client: x509: one | two',
  about: [],
  reasons: [],
  rule: 'x509.expired',
  dependsOn: [],
};

const differing: Comparison = {
  ...equal,
  verdict: 'differs',
  real: 'accepted',
  about: ['outcome'],
};

const doubtful: Comparison = {
  ...equal,
  verdict: 'not-compared',
  reasons: ['the forecast is not sure'],
  dependsOn: ['the clock'],
};

const releases = {
  had: [{ version: '3.4.23', goVersion: '1.19.8', source: 'Debian' }],
  missing: ['etcd 3.6 could not be had: no Go here'],
  replayed: true,
};

function row(...comparisons: readonly Comparison[]): FaultResult {
  return {
    fault: 'expired-server',
    what: 'it has expired',
    version: '3.4.23',
    goVersion: '1.19.8',
    comparisons,
  };
}

test('counts edges by what came of them', () => {
  const rows = [row(equal, differing, doubtful)];

  expect(summary(rows)).toBe(
    '1 of 2 compared edges equal, 2 of 3 predicted edges compared (66.6 %), in 1 runs of 1 faults',
  );
  expect(tally(rows).reasons).toEqual({ 'the forecast is not sure': 1 });
});

test('an unpredicted edge is no predicted edge', () => {
  expect(tally([row(equal, { ...differing, forecast: 'none' })]).predicted).toBe(1);
});

test('says which releases could not be had, and which rules nothing confirmed', () => {
  const page = fidelityPage([row(equal)], releases, []);

  expect(page).toContain('| not available | | etcd 3.6 could not be had: no Go here |');
  expect(page).toContain('| 3.4.23 | 1.19.8 | Debian | 1 | 1 | 1 | 1 |');
  expect(page).toMatch(/no run has confirmed:.*`x509\.host-name`/);
  expect(page).not.toMatch(/no run has confirmed:.*`x509\.expired`/);
  expect(page).toContain('There are no differences.');
  expect(page).toContain('Written with `--replay`');
});

test('two builds of one release are two rows', () => {
  const builds = ['1.19.11', '1.25.10'].map((goVersion) => ({
    version: '3.4.23',
    goVersion,
    source: 'here',
  }));
  const rows = [
    { ...row(equal), goVersion: '1.19.11' },
    { ...row(equal, differing), goVersion: '1.25.10' },
  ];

  const page = officialPage(rows, { had: builds, missing: [], replayed: false }, []);

  expect(page).toContain('| 3.4.23 | 1.19.11 | here | 1 | 1 | 1 | 1 |');
  expect(page).toContain('| 3.4.23 | 1.25.10 | here | 1 | 2 | 2 | 1 |');
});

test('a row for each minor release of Go, and what was not compared by reason', () => {
  const builds = { ...releases, missing: ['etcd 3.7.1 was not tried with 1 of 2 faults'] };

  const page = eachGoPage([row(equal, doubtful)], builds, []);

  expect(page).toContain('| 1.19.8 | 3.4.23 | Debian | 1 | 2 | 1 | 1 |');
  expect(page).toContain('| not available | | etcd 3.7.1 was not tried with 1 of 2 faults |');
  expect(page).toContain('**Not compared**, by reason: the forecast is not sure (1).');
});

test('the rows hold every edge that is not simply equal, in one line each', () => {
  const lines = fidelityRows([row(equal, { ...differing, real: 'two\nlines' })]).split('\n');

  expect(lines).toHaveLength(4);
  expect(lines[1]).toContain('1 of 2 equal');
  expect(lines[2]).toContain('two lines');
});

const explanation = {
  fault: 'expired-server',
  versions: /^3\.4/,
  edge: /^client/,
  because: 'etcd 3.4 thinks otherwise',
};

test.each([
  { title: 'nothing at all', rows: [], explanations: [], doubts: [], wrong: /^nothing was tried$/ },
  {
    title: 'a difference',
    rows: [row(equal, differing)],
    explanations: [],
    doubts: [],
    wrong: /outcome/,
  },
  {
    title: 'a difference explained for another release',
    rows: [row(equal, differing)],
    explanations: [{ ...explanation, versions: /^3\.5/ }],
    doubts: [],
    wrong: /outcome/,
  },
  {
    title: 'a doubt that is not listed',
    rows: [row(...Array.from({ length: 20 }, () => equal), doubtful)],
    explanations: [],
    doubts: [/weather/],
    wrong: /not listed/,
  },
  {
    title: 'too many listed doubts',
    rows: [row(equal, doubtful)],
    explanations: [],
    doubts: [/clock/],
    wrong: /only 1 of 2/,
  },
])('$title fails a run', ({ rows, explanations, doubts, wrong }) => {
  expect(complaints(rows, explanations, doubts)).toEqual([expect.stringMatching(wrong)]);
});

test('a build of which too little was compared fails a run, whatever the others make up for', () => {
  const much = row(...Array.from({ length: 20 }, () => equal));
  const little = { ...row(equal, doubtful), goVersion: '1.25.10' };

  expect(complaints([much, little], [], [/clock/])).toEqual([
    'etcd 3.4.23 by Go 1.25.10: only 1 of 2 edges were compared, less than 90 %',
  ]);
});

test('an explained difference and few listed doubts do not', () => {
  const rows = [row(...Array.from({ length: 20 }, () => equal), differing, doubtful)];

  expect(complaints(rows, [explanation], [/clock/])).toEqual([]);
});

/** As a run shows it that confirms these rules and no others. */
const confirming = (...rules: readonly RefusalRule[]) => [
  row(...rules.map((rule) => ({ ...equal, rule }))),
];

const confirmable = refusalRules.filter((rule) => !unconfirmable.has(rule));

test('every rule is confirmed, or has a reason why it cannot be', () => {
  const [first = 'x509.expired', ...others] = confirmable;

  expect(complaintsAboutRules(confirming(...confirmable))).toEqual([]);
  expect(complaintsAboutRules(confirming(...others))).toEqual([
    `no fault shows ${first}, and there is no reason why`,
  ]);
});

test('a rule that has a reason, and is confirmed all the same, is a complaint', () => {
  for (const rule of unconfirmable.keys()) {
    expect(complaintsAboutRules(confirming(...confirmable, rule))).toEqual([
      `a fault shows ${rule}, which is listed as impossible`,
    ]);
  }
});

test('the rules that a run of few faults confirms leave the list, and no others', () => {
  const page = fidelityPage(confirming('x509.expired'), releases, []);
  const later = withConfirmed(page, confirming('x509.host-name'));

  expect(later).toBe(page.replace('`x509.host-name`, ', '').replace(', `x509.host-name`', ''));
  expect(later).not.toBe(page);
  expect(unconfirmedRules(confirming(...confirmable))).toEqual([]);
});

test('docs/fidelity.md lists no rule that no run has confirmed, and the reasons of today', async () => {
  const docs = await readFile(new URL('../../../docs/fidelity.md', import.meta.url), 'utf8');

  expect(docs).toContain(rulesPart([]).join('\n'));
});
