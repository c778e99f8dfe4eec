import type { About } from '../model/about.ts';
import type { Result } from '../model/report.ts';

/** What was said of one cluster; `cluster` is absent where there is but one. */
export interface OfCluster {
  readonly cluster?: string;
  readonly results: readonly Result[];
}

/**
 * The results about all clusters. What is about a cluster as a whole names it, so that no waiver of one
 * covers another. What several of them say about one file counts once, as the worst of it.
 */
export function combined(parts: readonly OfCluster[]): readonly Result[] {
  const together = new Map<string, Result>();
  for (const { cluster, results } of parts) {
    const seen = new Map<string, number>();
    for (const result of results.map((each) => ofCluster(each, cluster))) {
      const place = JSON.stringify([result.check.id, result.target.kind, result.target.name]);
      // One cluster may say several things about one target.
      const count = seen.get(place) ?? 0;
      seen.set(place, count + 1);
      const key = `${place} ${count}`;
      const other = together.get(key);
      together.set(key, other === undefined ? result : worse(other, result));
    }
  }
  return [...together.values()];
}

function ofCluster(result: Result, cluster: string | undefined): Result {
  if (cluster === undefined) return result;
  const { target } = result;
  const name = target.kind === 'cluster' ? `${target.name} of ${cluster}` : target.name;
  return { ...result, target: { ...target, name, cluster } };
}

const fromWorst = ['crashed', 'fail', 'inconclusive', 'pass', 'not-applicable'] as const;

function rank({ verdict }: Result): number {
  return fromWorst.indexOf(verdict.status);
}

function worse(one: Result, other: Result): Result {
  const [worst, milder] = rank(other) < rank(one) ? [other, one] : [one, other];
  const { cluster: _ofBoth, ...target } = worst.target;
  const folded = [...new Set([...(worst.folded ?? []), ...(milder.folded ?? [])])];
  return {
    ...worst,
    target,
    verdict: withAbout(worst.verdict, milder.verdict),
    ...(folded.length > 0 && { folded }),
  };
}

function withAbout(worst: Result['verdict'], milder: Result['verdict']): Result['verdict'] {
  if (worst.status !== 'fail' || milder.status !== 'fail') return worst;
  const about: readonly About[] = [...(worst.about ?? []), ...(milder.about ?? [])];
  return about.length === 0 ? worst : { ...worst, about };
}
