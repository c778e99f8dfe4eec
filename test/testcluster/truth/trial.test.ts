import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { faultNamed } from '../../../testcluster/faults/index.ts';
import { compare } from '../../../testcluster/truth/compare.ts';
import { predict } from '../../../testcluster/truth/predict.ts';
import { tryFault } from '../../../testcluster/truth/trial.ts';
import { certificatesIn } from '../../../testcluster/write-plan.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('etcd', 'network', 'go');

test.each([
  { name: 'server-without-client-auth', edges: ['self'] },
  { name: 'client-authentication-off', edges: ['intruder'] },
  { name: 'peer-key-mismatch', edges: ['client', 'self'] },
  { name: 'peer-without-client-auth', edges: ['peer'] },
])('$name changes edges of kind $edges as predicted', async ({ name, edges }) => {
  const fault = faultNamed(name);
  if (fault === undefined) {
    throw new Error(`no fault is called ${name}`);
  }
  const binaries = await etcdBinaries();
  const predicted: Edge[] = [];
  const seen = await tryFault(fault, binaries, async (set) => {
    predicted.push(...(await predict(set, certificatesIn(set), binaries)));
  });
  const compared = compare(predicted, seen);
  const changed = seen.filter(
    ({ edge, outcome }) => outcome === (edge === 'intruder' ? 'accepted' : 'refused'),
  );

  expect(compared.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
  expect([...new Set(changed.map(({ edge }) => edge))]).toEqual(edges);
});
