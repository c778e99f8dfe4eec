import { expect, test } from 'vitest';
import { situations } from '../../testcluster/situations/index.ts';
import { merged } from '../../testcluster/situations/rows.ts';
import type { Trial } from '../../testcluster/situations/trial.ts';

const [first, second] = situations;

function trial(situation: Trial['situation'] | undefined, version: string, exit: number): Trial {
  if (situation === undefined) throw new Error('there are no situations');
  const costs = { seconds: 1, lines: 0 };
  const seen = { sentence: '', findings: [], otherwise: [], told: [] };
  return { situation, version, exit, ...costs, ...seen };
}

test('a run of some situations replaces what was seen of them, and nothing else', () => {
  const before = [trial(first, '3.6.16', 0), trial(second, '3.6.16', 0), trial(first, '3.5.30', 0)];

  const all = merged(before, [trial(first, '3.6.16', 1), trial(second, '3.4.23', 2)]);

  expect(all.map(({ situation, version, exit }) => [situation.name, version, exit])).toEqual([
    [first?.name, '3.5.30', 0],
    [first?.name, '3.6.16', 1],
    [second?.name, '3.4.23', 2],
    [second?.name, '3.6.16', 0],
  ]);
});
