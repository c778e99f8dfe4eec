import { groupBy } from '../../src/model/group-by.ts';
import type { Rule } from '../../src/model/refusal.ts';
import type { Comparison, Reason } from './compare.ts';

/** One fault on one release, compared. */
export interface FaultResult {
  readonly fault: string;
  readonly what: string;
  readonly version: string;
  /** The Go release that built it. */
  readonly goVersion: string;
  readonly comparisons: readonly Comparison[];
}

/** A difference that is known and stays, with the reason. */
export interface Explanation {
  /** Also in combinations with others. */
  readonly fault: string;
  readonly versions: RegExp;
  readonly edge: RegExp;
  readonly because: string;
}

/** What a run counts. */
export interface Tally {
  readonly faults: number;
  readonly runs: number;
  readonly predicted: number;
  /** In everything that the forecast says of them. */
  readonly compared: number;
  readonly equal: number;
  readonly differing: number;
  readonly reasons: Readonly<Partial<Record<Reason, number>>>;
  /** Rules that at least one equal edge names. */
  readonly confirmed: readonly Rule[];
}

export function tally(rows: readonly FaultResult[]): Tally {
  const all = rows.flatMap(({ comparisons }) => comparisons);
  const count = (verdict: Comparison['verdict']) =>
    all.filter((each) => each.verdict === verdict).length;
  const reasons: Partial<Record<Reason, number>> = {};
  for (const reason of all.flatMap((each) => each.reasons.slice(0, 1))) {
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  const confirmed = all.flatMap(({ verdict, rule }) =>
    verdict === 'equal' && rule !== undefined ? [rule] : [],
  );
  return {
    faults: new Set(rows.map(({ fault }) => fault)).size,
    runs: rows.length,
    predicted: all.filter(({ forecast }) => forecast !== 'none').length,
    compared: count('equal') + count('differs'),
    equal: count('equal'),
    differing: count('differs'),
    reasons,
    confirmed: [...new Set(confirmed)].toSorted(),
  };
}

/** A run in which less was compared of a build proves nothing. */
const minimumShare = 0.9;

/** Why a run is not a success; empty when it is one. */
export function complaints(
  rows: readonly FaultResult[],
  explanations: readonly Explanation[],
  doubts: readonly RegExp[],
): readonly string[] {
  return [
    ...(rows.length === 0 ? ['nothing was tried'] : []),
    ...tooLittle(rows),
    ...unexplained(rows, explanations).map(
      ({ row, comparison }) =>
        `${row.fault} on ${row.version}, ${comparison.edge}: ${comparison.about.join(', ')}`,
    ),
    ...rows.flatMap(({ fault, version, comparisons }) =>
      comparisons
        .filter(({ reasons }) => reasons.includes('the forecast is not sure'))
        .filter(({ dependsOn }) => !isListed(dependsOn, doubts))
        .map(
          ({ edge }) =>
            `${fault} on ${version}, ${edge}: not sure, for a reason that is not listed`,
        ),
    ),
  ];
}

/** Builds of which less than a run's share was compared. */
function tooLittle(rows: readonly FaultResult[]): readonly string[] {
  const builds = groupBy(rows, ({ version, goVersion }) => `etcd ${version} by Go ${goVersion}`);
  return [...builds].flatMap(([build, own]) => {
    const { predicted, compared } = tally(own);
    return compared < minimumShare * predicted || predicted === 0
      ? [
          `${build}: only ${compared} of ${predicted} edges were compared, less than ${minimumShare * 100} %`,
        ]
      : [];
  });
}

function isListed(dependsOn: readonly string[], doubts: readonly RegExp[]): boolean {
  return dependsOn.length > 0 && dependsOn.every((each) => doubts.some((one) => one.test(each)));
}

/** Differences without an explanation: there should be none. */
function unexplained(
  rows: readonly FaultResult[],
  explanations: readonly Explanation[],
): readonly { row: FaultResult; comparison: Comparison }[] {
  return rows.flatMap((row) =>
    row.comparisons
      .filter(({ verdict }) => verdict === 'differs')
      .filter((comparison) => explanationOf(row, comparison, explanations) === undefined)
      .map((comparison) => ({ row, comparison })),
  );
}

export function explanationOf(
  { fault, version }: FaultResult,
  { edge }: Comparison,
  explanations: readonly Explanation[],
): Explanation | undefined {
  return explanations.find(
    (each) =>
      fault.split('+').includes(each.fault) && each.versions.test(version) && each.edge.test(edge),
  );
}

/** The line that scripts read. */
export function summary(rows: readonly FaultResult[]): string {
  const { faults, runs, predicted, compared, equal } = tally(rows);
  const share = predicted === 0 ? 0 : Math.floor((1000 * compared) / predicted) / 10;
  return (
    `${equal} of ${compared} compared edges equal, ${compared} of ${predicted} predicted edges compared ` +
    `(${share} %), in ${runs} runs of ${faults} faults`
  );
}
