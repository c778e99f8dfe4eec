import type { Failure } from '../model/check.ts';
import type { Edge } from '../model/forecast.ts';
import type { Facts } from '../model/evidence.ts';
import type { Unsettled } from './settle.ts';

type Parties = Partial<Pick<Facts, 'members' | 'clients'>>;

/** What one release of the range comes to. */
export interface UnderRelease {
  readonly facts: Parties;
  readonly edges: readonly Edge[];
  readonly results: readonly Unsettled[];
}

/**
 * Whether a release may be the one that runs: it does not refuse to start with these very settings, unless
 * the supposed release refuses as well.
 */
export function isPossible(supposed: Parties, other: Parties): boolean {
  const accepted = refusals(supposed);
  return [...refusals(other)].every((each) => accepted.has(each));
}

/** Whether another release comes to the same: then no check needs to be asked again. */
export function decidesTheSame(
  supposed: Pick<UnderRelease, 'facts' | 'edges'>,
  other: Pick<UnderRelease, 'facts' | 'edges'>,
): boolean {
  return (
    supposed.edges.length === other.edges.length &&
    supposed.edges.every((edge, index) => isSame(edge, other.edges[index])) &&
    traitsOf(supposed.facts) === traitsOf(other.facts)
  );
}

function isSame(edge: Edge, other: Edge | undefined): boolean {
  return edge.target.name === other?.target.name && decision(edge) === decision(other);
}

/** What checks ask of members next to the forecast; API version 2 where a client uses it. */
function traitsOf({ members = [], clients = [] }: Parties): string {
  const isTwoAsked = clients.some(({ asksVersionTwo }) => asksVersionTwo === true);
  return JSON.stringify(
    members.map(({ problems, servesVersionTwo }) => [
      isTwoAsked && servesVersionTwo,
      problems.map(({ kind, name }) => [kind, name]),
    ]),
  );
}

function refusals({ members = [] }: Parties): ReadonlySet<string> {
  return new Set(
    members.flatMap(({ name, problems }) =>
      problems
        // A mode of Go's that old releases do not know says nothing for an old release.
        .filter((problem) => problem.kind === 'refused-at-start' && problem.name !== 'GODEBUG')
        .map((problem) => JSON.stringify([name, problem.name])),
    ),
  );
}

/** Names of the edges whose outcome, rule or fault another release changes. */
export function edgesOpenByRelease(
  { edges }: UnderRelease,
  range: readonly UnderRelease[],
): ReadonlySet<string> {
  if (range.length === 0) return new Set();
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
  const open = new Set<string>();
  if (range.length === 0) return open;
  const supposed = failuresIn(results);
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
  if (range.length === 0) return [];
  const known = new Set(results.map(keyOf));
  const others = new Map<string, Unsettled>();
  for (const result of range.flatMap((other) => other.results)) {
    const key = keyOf(result);
    if (!known.has(key) && /^(?:fail|inconclusive)$/.test(result.verdict.status)) {
      others.set(key, result);
    }
  }
  return [...others.values()];
}

/**
 * What other releases say of the connections that all of them refuse, where the reason is another one. By key of
 * the result.
 */
export function otherReasons(
  supposed: UnderRelease,
  range: readonly UnderRelease[],
): ReadonlyMap<string, Failure> {
  const reasons = new Map<string, Failure>();
  const open = edgesOpenByRelease(supposed, range);
  if (open.size === 0) return reasons;
  const own = new Map(supposed.results.map((result) => [keyOf(result), actualOf(result)]));
  for (const result of range.flatMap((other) => other.results)) {
    const { target, verdict } = result;
    const key = keyOf(result);
    const isDifferent = target.kind === 'edge' && open.has(target.name);
    if (!isDifferent || verdict.status !== 'fail' || reasons.has(key)) continue;
    if (own.get(key) !== verdict.actual) reasons.set(key, verdict);
  }
  return reasons;
}

function actualOf({ verdict }: Unsettled): string | undefined {
  return verdict.status === 'fail' ? verdict.actual : undefined;
}

function failuresIn(results: readonly Unsettled[]): ReadonlySet<string> {
  return new Set(results.filter(({ verdict }) => verdict.status === 'fail').map(keyOf));
}

/** What a result answers: a check's question about a target. */
export function keyOf({ check, target }: Pick<Unsettled, 'check' | 'target'>): string {
  return JSON.stringify([check.id, target.kind, target.name]);
}
