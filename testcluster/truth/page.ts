import type { Comparison } from './compare.ts';

/** One fault on one release, compared. */
export interface Row {
  readonly fault: string;
  readonly what: string;
  readonly version: string;
  readonly comparisons: readonly Comparison[];
}

/** A difference that is known and stays, with the reason. */
export interface Explanation {
  readonly fault: string;
  readonly versions: RegExp;
  readonly edge: RegExp;
  readonly because: string;
}

export interface Releases {
  readonly had: readonly { version: string; goVersion: string; source: string }[];
  readonly missing: readonly string[];
  /** Whether etcd ran before, and only the forecast is new. */
  readonly replayed: boolean;
}

/** The page that says how far forecasts may be trusted. */
export function fidelityPage(
  rows: readonly Row[],
  releases: Releases,
  explanations: readonly Explanation[],
): string {
  return [
    '# How true the forecast is',
    '',
    'Written by `npm run truth`, which starts real etcd with each of these mistakes, dials every edge, and',
    'compares outcome, refusing side and texts with what the audit foretells from the same files.',
    ...(releases.replayed
      ? [
          '',
          'This page was written with `--replay`: what etcd did was recorded in runs before, and forecast',
          'anew from the files of those runs.',
        ]
      : []),
    '',
    ...releases.had.map(
      ({ version, goVersion, source }) =>
        `- etcd ${version}, built with Go ${goVersion} (${source})`,
    ),
    ...releases.missing.map((reason) => `- not had: ${reason}`),
    '',
    `**${summary(rows)}**`,
    '',
    ...limits(rows),
    '',
    '## Differences',
    '',
    ...differences(rows, explanations),
    '',
    '## Not sure',
    '',
    'Where the audit says that files cannot tell, and what happened in this run.',
    '',
    ...doubts(rows),
    '',
    '## Every fault on every release',
    '',
    'The first edge that the fault changes stands for all; the count is of edges that were compared.',
    '',
    '| fault | etcd | forecast | real | equal |',
    '|---|---|---|---|---|',
    ...rows.map(tableRow),
    '',
  ].join('\n');
}

/** What an equal edge does not prove. */
function limits(rows: readonly Row[]): readonly string[] {
  const equal = rows
    .flatMap(({ comparisons }) => comparisons)
    .filter(({ verdict }) => verdict === 'equal');
  const inferred = equal.filter((each) => each.inferred).length;
  const unheard = equal.filter((each) => each.unheard && !each.inferred).length;
  return [
    `- ${inferred} of the equal edges were not dialled: the member had ended, and its last words are`,
    '  compared for each of them. What the dialling side would have said is not.',
    `- In ${unheard} others at least one of the two texts could not be compared, since that side was not`,
    '  heard: no log that tells connections apart, or a reset that overtook the alert.',
    '- Times, ports and directories in texts are passed over.',
  ];
}

/** The line that scripts read. */
export function summary(rows: readonly Row[]): string {
  const all = rows.flatMap(({ comparisons }) => comparisons);
  const count = (verdict: Comparison['verdict']) =>
    all.filter((each) => each.verdict === verdict).length;
  const compared = count('equal') + count('differs');
  const faults = new Set(rows.map(({ fault }) => fault)).size;
  return (
    `${count('equal')} of ${compared} edges equal, ${count('not-sure')} not sure, ` +
    `${count('unseen')} not seen, in ${rows.length} runs of ${faults} faults`
  );
}

/** Differences that nobody has explained: there should be none. */
export function unexplained(
  rows: readonly Row[],
  explanations: readonly Explanation[],
): readonly { row: Row; comparison: Comparison }[] {
  return rows.flatMap((row) =>
    row.comparisons
      .filter(({ verdict }) => verdict === 'differs')
      .filter((comparison) => explanationOf(row, comparison, explanations) === undefined)
      .map((comparison) => ({ row, comparison })),
  );
}

function explanationOf(
  { fault, version }: Row,
  { edge }: Comparison,
  explanations: readonly Explanation[],
): Explanation | undefined {
  return explanations.find(
    (each) => each.fault === fault && each.versions.test(version) && each.edge.test(edge),
  );
}

function differences(
  rows: readonly Row[],
  explanations: readonly Explanation[],
): readonly string[] {
  const lines = rows.flatMap((row) =>
    row.comparisons
      .filter(({ verdict }) => verdict === 'differs')
      .map((comparison) => {
        const because =
          explanationOf(row, comparison, explanations)?.because ?? 'not explained yet';
        const { edge, about, forecast, real } = comparison;
        return (
          `- \`${row.fault}\` on ${row.version}, ${edge} (${about.join(', ')}): ${because}. ` +
          `Forecast \`${brief(forecast)}\`, real \`${brief(real)}\``
        );
      }),
  );
  return lines.length === 0 ? ['There are none.'] : lines;
}

function doubts(rows: readonly Row[]): readonly string[] {
  const lines = rows.flatMap(({ fault, version, comparisons }) =>
    comparisons
      .filter(({ verdict }) => verdict === 'not-sure')
      .map(({ edge, real }) => `- \`${fault}\` on ${version}, ${edge}: \`${brief(real)}\``),
  );
  return lines.length === 0 ? ['Nowhere.'] : lines;
}

function tableRow({ fault, version, comparisons }: Row): string {
  const equal = comparisons.filter(({ verdict }) => verdict === 'equal').length;
  const differing = comparisons.filter(({ verdict }) => verdict === 'differs').length;
  const telling = tellingEdge(comparisons);
  const compared = equal + differing;
  const cells =
    telling === undefined
      ? ['all as wanted', 'all as wanted']
      : [`${telling.edge}: ${brief(telling.forecast)}`, brief(telling.real)];
  const result = differing === 0 ? `yes (${compared})` : `**no** (${equal} of ${compared})`;
  return `| ${[fault, version, ...cells.map(cell), result].join(' | ')} |`;
}

/** A difference before all; else what ought to have been accepted and was not, or the reverse. */
function tellingEdge(comparisons: readonly Comparison[]): Comparison | undefined {
  const seen = comparisons.filter(({ verdict }) => verdict !== 'unseen');
  return (
    seen.find(({ verdict }) => verdict === 'differs') ??
    seen.find(({ edge, real }) => !edge.startsWith('intruder') && real.startsWith('refused')) ??
    seen.find(({ edge, real }) => edge.startsWith('intruder') && real.startsWith('accepted'))
  );
}

function brief(text: string): string {
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}

/** A table cell in Markdown ends at a bar. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
