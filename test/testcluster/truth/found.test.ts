import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Comparison, compare } from '../../../testcluster/truth/compare.ts';
import type { Observation } from '../../../testcluster/truth/observation.ts';
import { predict } from '../../../testcluster/truth/predict.ts';
import { knownDifferences } from './known-differences.ts';

// Cert sets with what real etcd did on each of their edges. They are not part of the repository.
const root = resolve(import.meta.dirname, '..', '..', '..', '..', 'shared', 'found', 'forecast');
const isHere = existsSync(root);

/** Which etcd an observation is of; the newest one that was tried unless the directory's name says so. */
function releaseOf(name: string): { readonly version: string; readonly goVersion: string } {
  return name.endsWith('-3.5.30')
    ? { version: '3.5.30', goVersion: '1.26.4' }
    : { version: '3.6.16', goVersion: '1.26.8' };
}

const names = isHere
  ? (await readdir(root, { withFileTypes: true }))
      .filter((each) => each.isDirectory())
      .map(({ name }) => name)
  : ['the sets are not here'];

describe.skipIf(!isHere)('sets on which real etcd was observed', () => {
  test('are those that the known differences name', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(Object.keys(knownDifferences).filter((name) => !names.includes(name))).toEqual([]);
  });

  test.each(names)(
    '%s: the forecast is what etcd did, but for the known differences',
    async (name) => {
      const differing = (await compared(name))
        .filter(({ verdict }) => verdict === 'differs')
        .map(({ edge }) => edge);

      // An entry that no longer differs has to be removed from the list.
      expect(differing.toSorted()).toEqual((knownDifferences[name] ?? []).toSorted());
    },
  );
});

async function compared(name: string): Promise<readonly Comparison[]> {
  const set = join(root, name);
  const edges = await predict(set, join(set, 'certs'), releaseOf(name));
  return compare(edges.filter(isGo), (await observationsIn(set)).filter(isGo));
}

/** OpenSSL dialled as the intruders, and it withholds and judges certificates by rules of its own. */
function isGo({ edge }: Pick<Observation, 'edge'>): boolean {
  return edge !== 'intruder';
}

async function observationsIn(set: string): Promise<readonly Observation[]> {
  const observations: unknown = JSON.parse(await readFile(join(set, 'observations.json'), 'utf8'));
  if (!Array.isArray(observations)) throw new Error(`${set} holds no observations`);
  // Written by the harness, before its observations named the member: node1 was the only one dialled.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the harness wrote
  return (observations as readonly Observation[]).map((each) =>
    /\/\/(?:127\.|localhost)/.test(each.to) ? { member: 'node1', ...each } : each,
  );
}
