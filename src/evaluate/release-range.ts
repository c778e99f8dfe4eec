import type { Assumption } from '../model/basis.ts';
import type { Edge } from '../model/forecast.ts';
import type { Facts } from '../model/evidence.ts';
import type { Unsettled } from './settle.ts';

/** What one release of the range comes to. */
export interface UnderRelease {
  readonly facts: Partial<Pick<Facts, 'members'>>;
  readonly edges: readonly Edge[];
  readonly results: readonly Unsettled[];
}

/** Said of results and edges that turn out otherwise under another release of the range. */
export const openRelease: Assumption = {
  about: 'the etcd release',
  because: 'the etcd release is not known, and releases differ here',
  give: 'give --etcd-version (and --go-version for a build that is not the official one)',
};

/**
 * The releases that may be the one that runs: not one that refuses to start with these very settings,
 * unless the supposed release refuses as well.
 */
export function possible(
  supposed: UnderRelease,
  range: readonly UnderRelease[],
): readonly UnderRelease[] {
  const accepted = refusals(supposed);
  return range.filter((other) => [...refusals(other)].every((each) => accepted.has(each)));
}

function refusals({ facts: { members = [] } }: UnderRelease): ReadonlySet<string> {
  return new Set(
    members.flatMap(({ name, problems }) =>
      problems
        .filter(({ kind }) => kind === 'refused-at-start')
        .map((problem) => JSON.stringify([name, problem.name])),
    ),
  );
}

/** Names of the edges whose outcome, rule or fault another release changes. */
export function edgesOpenByRelease(
  { edges }: UnderRelease,
  range: readonly UnderRelease[],
): ReadonlySet<string> {
  const supposed = new Map(edges.map((edge) => [edge.target.name, decision(edge)]));
  return new Set(
    range
      .flatMap((other) => other.edges)
      .filter((edge) => supposed.get(edge.target.name) !== decision(edge))
      .map(({ target }) => target.name),
  );
}

function decision({ outcome, rule, refusedBy, blame }: Edge): string {
  if (outcome === 'accepted') return outcome;
  return JSON.stringify([outcome, rule, refusedBy, blame?.sha256, blame?.file, blame?.location]);
}

/** Keys of the results that another release turns from a pass into a failure, or the reverse. */
export function resultsOpenByRelease(
  { results }: UnderRelease,
  range: readonly UnderRelease[],
): ReadonlySet<string> {
  const supposed = failuresIn(results);
  const open = new Set<string>();
  for (const other of range) {
    const failures = failuresIn(other.results);
    for (const key of failures) if (!supposed.has(key)) open.add(key);
    for (const key of supposed) if (!failures.has(key)) open.add(key);
  }
  return open;
}

/** Results that only another release has, as they are there. */
export function onlyUnderOthers(
  { results }: UnderRelease,
  range: readonly UnderRelease[],
): readonly Unsettled[] {
  const known = new Set(results.map(keyOf));
  const others = new Map<string, Unsettled>();
  for (const result of range.flatMap((other) => other.results)) {
    const key = keyOf(result);
    if (!known.has(key) && result.verdict.status === 'fail') others.set(key, result);
  }
  return [...others.values()];
}

function failuresIn(results: readonly Unsettled[]): ReadonlySet<string> {
  return new Set(results.filter(({ verdict }) => verdict.status === 'fail').map(keyOf));
}

/** What a result answers: a check's question about a target. */
export function keyOf({ check, target }: Pick<Unsettled, 'check' | 'target'>): string {
  return JSON.stringify([check.id, target.kind, target.name]);
}
