import { type CatalogueEntry, isQuestion } from '../model/check.ts';
import type { Facts } from '../model/evidence.ts';
import type { Edge } from '../model/forecast.ts';
import { isAtLeast, type Severity } from '../model/severity.ts';
import type { Unsettled } from './settle.ts';

/**
 * That a member does not start is the finding; what its ports would accept is not. The finding never counts less
 * than what it replaces, and where no result says that the member does not start, all the others stay.
 */
export function withoutStopped(
  results: readonly Unsettled[],
  entries: readonly CatalogueEntry[],
  facts: Partial<Facts>,
): readonly Unsettled[] {
  const stops = stopsOf(results, entries, facts);
  if (stops.size === 0) return results;
  const severities = new Map<number, Severity>();
  const silenced = results.map((result) => {
    const stop = ofRunning(result) ? stops.get(ownerOf(result) ?? '') : undefined;
    if (stop === undefined) return result;
    const standing = results[stop.index];
    if (standing === undefined) return result;
    const before = severities.get(stop.index) ?? gravity(standing);
    severities.set(stop.index, isAtLeast(gravity(result), before) ? gravity(result) : before);
    const because = `${stop.member} does not start`;
    return { ...result, verdict: { status: 'not-applicable' as const, because } };
  });
  return silenced.map((result, index) => {
    const severity = severities.get(index);
    return severity === undefined || severity === gravity(result)
      ? result
      : { ...result, severity };
  });
}

interface Stop {
  readonly member: string;
  /** Of the result that says so. */
  readonly index: number;
}

/** Members that do not start with their settings and files. What is running was seen, whatever its files say. */
function stopsOf(
  results: readonly Unsettled[],
  entries: readonly CatalogueEntry[],
  { members = [], forecast = [], endpoints }: Partial<Facts>,
): ReadonlyMap<string, Stop> {
  if (endpoints !== undefined) return new Map();
  const explains = new Map(
    entries.filter(isQuestion).map(({ id, explains: rules = [] }) => [id, new Set<string>(rules)]),
  );
  const refused = forecast.filter(({ refusedBy }) => refusedBy === 'start');
  const stops = members.flatMap(({ name, problems }): readonly Stop[] => {
    const edges = refused.filter(({ member }) => member === name);
    if (edges.length === 0 && !problems.some(({ kind }) => kind === 'refused-at-start')) return [];
    const rules = ['etcd.refused-at-start', ...edges.flatMap((edge) => ruleOf(edge) ?? [])];
    const index = results.findIndex(
      (result) =>
        isAbout(result, name, edges) &&
        (explains.get(result.check.id) === undefined ||
          rules.some((rule) => explains.get(result.check.id)?.has(rule) === true)),
    );
    return index < 0 ? [] : [{ member: name, index }];
  });
  return new Map(stops.map((stop) => [stop.member, stop]));
}

function ruleOf(edge: Edge): string | undefined {
  return edge.outcome === 'refused' ? edge.rule : undefined;
}

/** A failure of this member: of a setting or file of its own, or of a connection that it does not take. */
function isAbout({ verdict }: Unsettled, member: string, edges: readonly Edge[]): boolean {
  if (verdict.status !== 'fail') return false;
  return (verdict.about ?? []).some((about) => {
    switch (about.kind) {
      case 'setting':
        return about.owner === member;
      case 'file':
        return about.host === member;
      case 'edge':
        return edges.some(({ target }) => target.name === about.edge);
      case 'certificate':
        return false;
    }
  });
}

function ofRunning({ check, verdict }: Unsettled): boolean {
  return check.onceRunning === true && verdict.status === 'fail';
}

function ownerOf({ target }: Unsettled): string | undefined {
  return target.member ?? (target.kind === 'member' ? target.name : undefined);
}

function gravity({ check, severity = check.severity }: Unsettled): Severity {
  return severity;
}
