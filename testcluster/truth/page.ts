import { isRefusalRule, refusalRules } from '../../src/model/refusal.ts';
import { type Explanation, explanationOf, type FaultResult, summary, tally } from './judge-run.ts';
import { unconfirmable } from './unconfirmable.ts';

export interface Releases {
  readonly had: readonly { version: string; goVersion: string; source: string }[];
  readonly missing: readonly string[];
  /** Whether etcd ran before, and only the forecast is new. */
  readonly replayed: boolean;
}

/** The page that says how far forecasts can be trusted: half a page; the rows are in a file of their own. */
export function fidelityPage(
  rows: readonly FaultResult[],
  releases: Releases,
  explanations: readonly Explanation[],
): string {
  return [
    '# How accurate the forecast is',
    '',
    `**${summary(rows)}**`,
    '',
    'Written by `npm run truth`, which starts real etcd with each misconfiguration, attempts every predicted',
    'connection and compares outcome, rejecting side, both error texts, rule and blame. Times and ports are ignored.',
    'An edge counts as compared only if all of these were; the rows are in [fidelity.tsv](fidelity.tsv).',
    ...howWritten(releases),
    '',
    '| etcd | Go | from | faults | predicted | compared | equal |',
    '|---|---|---|---|---|---|---|',
    ...releases.had
      .filter((release) => rowsOf(release, rows).length > 0)
      .map((release) => releaseRow(release, rows)),
    ...releases.missing.map((reason) => `| not available | | ${cell(reason)} | | | | |`),
    '',
    '| edge | predicted | compared | equal |',
    '|---|---|---|---|',
    ...['client', 'peer', 'self', 'intruder'].map((kind) => kindRow(kind, rows)),
    '',
    notCompared(rows),
    '',
    ...rulesPart(unconfirmedRules(rows)),
    '',
    ...differences(rows, explanations),
    '',
    'To falsify it, write a fault in a file and run `npm run truth -- --more FILE` (see CONTRIBUTING.md). The harness',
    'itself is tested with forecasts spoilt on purpose: `test/testcluster/truth/mutation.test.ts`.',
    '',
  ].join('\n');
}

/** The part about etcd as the Go releases of the official binaries build it. */
export function officialPage(
  rows: readonly FaultResult[],
  releases: Releases,
  explanations: readonly Explanation[],
): string {
  return [
    '# How accurate it is for official builds',
    '',
    `**${summary(rows)}**`,
    '',
    'Written by `npm run truth -- --official`: the sample of faults, on etcd built from its sources by the Go release of the',
    'official binary, or by the nearest patch of it that the module proxy has. Official binaries themselves are in no package',
    'registry, nor are the sources of 3.4.32 to 3.4.45.',
    '',
    '| etcd | Go | from | faults | predicted | compared | equal |',
    '|---|---|---|---|---|---|---|',
    ...releases.had.map((release) => releaseRow(release, rows)),
    ...releases.missing.map((reason) => `| not available | | ${cell(reason)} | | | | |`),
    '',
    notCompared(rows),
    '',
    ...differences(rows, explanations),
    '',
  ].join('\n');
}

/** The part about all faults on one official build for each minor release of Go. */
export function eachGoPage(
  rows: readonly FaultResult[],
  releases: Releases,
  explanations: readonly Explanation[],
): string {
  return [
    '# How accurate it is for each minor release of Go',
    '',
    `**${summary(rows)}**`,
    '',
    'Written by `npm run truth -- --each-go`: all faults, on one etcd for each minor release of Go that official binaries are',
    'built with: of the builds above the newest etcd. The rows are in [fidelity-each-go.tsv](fidelity-each-go.tsv).',
    ...howWritten(releases),
    '',
    '| Go | etcd | from | faults | predicted | compared | equal |',
    '|---|---|---|---|---|---|---|',
    ...releases.had.map((build) => goRow(build, rows)),
    ...releases.missing.map((reason) => `| not available | | ${cell(reason)} | | | | |`),
    '',
    notCompared(rows),
    '',
    ...differences(rows, explanations),
    '',
  ].join('\n');
}

/** What no edge that is equal in everything has shown, though one could. */
export function unconfirmedRules(rows: readonly FaultResult[]): readonly string[] {
  const { confirmed } = tally(rows);
  return refusalRules.filter((rule) => !confirmed.includes(rule) && !unconfirmable.has(rule));
}

/** What is wrong with a run of all faults: every rule is either confirmed, or has a reason why it cannot be. */
export function complaintsAboutRules(rows: readonly FaultResult[]): readonly string[] {
  const { confirmed } = tally(rows);
  return [
    ...unconfirmedRules(rows).map((rule) => `no fault shows ${rule}, and there is no reason why`),
    ...confirmed
      .filter((rule) => isRefusalRule(rule) && unconfirmable.has(rule))
      .map((rule) => `a fault shows ${rule}, which is listed as impossible`),
  ];
}

const unconfirmedTitle = '**Rules that no run has confirmed:** ';

/** The lines about rules, which a run of few faults can shorten. */
export function rulesPart(unconfirmed: readonly string[]): readonly string[] {
  return [
    `${unconfirmedTitle}${listed(unconfirmed.map((rule) => `\`${rule}\``))}.`,
    '',
    '**Rules that no run can confirm:**',
    '',
    ...[...unconfirmable].map(([rule, because]) => `- \`${rule}\`: ${because}`),
  ];
}

/** The page after a run of few faults: what they confirm is no longer unconfirmed. */
export function withConfirmed(page: string, rows: readonly FaultResult[]): string {
  const old =
    /^\*\*Rules that no run has confirmed:\*\* .*\n(?:\n\*\*Rules that no run can confirm:\*\*\n\n(?:- .*\n)*)?/m;
  const [line = ''] = old.exec(page)?.[0].split('\n') ?? [];
  if (line === '') throw new Error('the page has no line about rules that no run has confirmed');
  const left = unconfirmedRules(rows).filter((rule) => line.includes(`\`${rule}\``));
  return page.replace(old, () => `${rulesPart(left).join('\n')}\n`);
}

function minor({ version }: FaultResult): string {
  return version.split('.').slice(0, 2).join('.');
}

/** What the README says of the forecast. */
export function readmeSentence(rows: readonly FaultResult[]): string {
  const { faults, predicted, compared, equal } = tally(rows);
  const share = predicted === 0 ? 0 : Math.floor((1000 * compared) / predicted) / 10;
  const minors = [...new Set(rows.map(minor))].toSorted();
  const versions = minors.map((each) => {
    const tried = new Set(rows.filter((row) => minor(row) === each).map(({ fault }) => fault));
    return `${tried.size} on ${each}`;
  });
  return (
    `- **The forecast**: ${faults} misconfigurations reproduced on real etcd (${versions.join(', ')}). Of ` +
    `${predicted} predicted connections ${share} % were compared in outcome, rejecting side, both error texts, rule ` +
    `and blame; ${equal} of ${compared} were equal ([docs/fidelity.md](docs/fidelity.md)).`
  );
}

/** Every run of a fault, for machines: one line for each edge that is not simply equal, and one for the run. */
export function fidelityRows(rows: readonly FaultResult[]): string {
  const header = ['fault', 'etcd', 'edge', 'verdict', 'why', 'rule', 'forecast', 'real'];
  const lines = rows.flatMap(({ fault, version, comparisons }) => {
    const equal = comparisons.filter(({ verdict }) => verdict === 'equal').length;
    return [
      [fault, version, 'all', `${equal} of ${comparisons.length} equal`, '', '', '', ''],
      ...comparisons
        .filter(({ verdict }) => verdict !== 'equal')
        .map(({ edge, verdict, about, reasons, rule = '', forecast, real }) => {
          const why = [...about, ...reasons].join(', ');
          return [fault, version, edge, verdict, why, rule, brief(forecast), brief(real)];
        }),
    ];
  });
  return [header, ...lines]
    .map((columns) => columns.map((text) => text.replaceAll(/[\t\n]/g, ' ')).join('\t'))
    .join('\n')
    .concat('\n');
}

type Build = Releases['had'][number];

function rowsOf({ version, goVersion }: Build, rows: readonly FaultResult[]) {
  return rows.filter((row) => row.version === version && row.goVersion === goVersion);
}

function releaseRow(build: Build, rows: readonly FaultResult[]): string {
  return tableRow([build.version, build.goVersion, build.source], rowsOf(build, rows));
}

function goRow(build: Build, rows: readonly FaultResult[]): string {
  return tableRow([build.goVersion, build.version, build.source], rowsOf(build, rows));
}

function tableRow(names: readonly string[], rows: readonly FaultResult[]): string {
  const { faults, predicted, compared, equal } = tally(rows);
  return `| ${[...names, faults, predicted, compared, equal].join(' | ')} |`;
}

function howWritten({ replayed }: Releases): readonly string[] {
  return replayed
    ? ['', 'Written with `--replay`: etcd ran earlier, and only the forecast is new.']
    : [];
}

function notCompared(rows: readonly FaultResult[]): string {
  const reasons = Object.entries(tally(rows).reasons);
  return `**Not compared**, by reason: ${listed(reasons.map(([reason, count]) => `${reason} (${count})`))}.`;
}

function kindRow(kind: string, rows: readonly FaultResult[]): string {
  const ofKind = rows.map((row) => ({
    ...row,
    comparisons: row.comparisons.filter(({ edge }) => edge.startsWith(`${kind} `)),
  }));
  const { predicted, compared, equal } = tally(ofKind);
  return `| ${[kind, predicted, compared, equal].join(' | ')} |`;
}

function differences(
  rows: readonly FaultResult[],
  explanations: readonly Explanation[],
): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    for (const comparison of row.comparisons.filter(({ verdict }) => verdict === 'differs')) {
      const known = explanationOf(row, comparison, explanations);
      const about = comparison.about.join(', ');
      const because = known?.because ?? 'not explained yet';
      const line = `\`${known?.fault ?? row.fault}\` (${about}): ${because}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  }
  const lines = [...counts].map(([line, count]) => `- ${count} × ${line}`);
  return lines.length === 0 ? ['There are no differences.'] : ['**Differences:**', '', ...lines];
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : items.join(', ');
}

function brief(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

/** A table cell in Markdown ends at a bar. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
