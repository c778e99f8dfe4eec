import { judge, look } from '../../../src/audit.ts';
import type { Report } from '../../../src/model/report.ts';
import { writeSets } from '../../support/sets.ts';
import { twoClusters } from '../../support/two-clusters.ts';

/** What the audit really says of the document's set, and of two clusters one of which has a fault. */
export async function realReports(): Promise<Readonly<Record<'seed' | 'two', Report>>> {
  await using sets = await writeSets();
  await using clusters = await twoClusters({ foreign: 'etcd-b' });
  const [seed, two] = await Promise.all(
    [sets.seed, clusters.path].map((path) => look({ paths: [path], maps: [] })),
  );
  if (seed === undefined || two === undefined) throw new Error('nothing was read');
  return { seed: judge(seed), two: judge(two) };
}
