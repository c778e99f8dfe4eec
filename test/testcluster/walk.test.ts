import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCluster } from '../../testcluster/cluster.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import type { Plan } from '../../testcluster/plan.ts';
import {
  type Change,
  predictedAt,
  rememberAuthorities,
  type Stage,
  stagesOf,
  statesOf,
  walk,
  walkPlan,
} from '../../testcluster/walk.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'network');

interface Walked {
  readonly stage: Stage;
  readonly seen: Awaited<ReturnType<typeof walk>>;
}

/** Walks a real cluster of three through the stages of a change. */
async function walked(change: Change, which: 'direct' | 'phases'): Promise<readonly Walked[]> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-walk-'));
  const binaries = await etcdBinaries();
  let plan: Plan | undefined;
  try {
    await using cluster = await startCluster({
      runtime: 'native',
      ports: 'free',
      directory,
      plan: (nodes) => (plan = walkPlan(nodes)),
    });
    if (plan === undefined) throw new Error('there is no plan');
    const states = await statesOf(plan, change);
    const stages = await stagesOf(plan, states, join(directory, 'sets'), binaries);
    const work = join(directory, 'work');
    // The cluster was started with files of its own: it begins with those of the old state.
    for (const [name, content] of Object.entries(states.old)) {
      await writeFile(join(cluster.certificates, name), content);
    }
    const initial = { ...stages.direct, to: states.old, predicted: restartsOnly(stages.direct) };
    for (const { name } of cluster.members) await rememberAuthorities(cluster, work, name);
    await walk(cluster, initial, binaries, work);
    const result: Walked[] = [];
    for (const stage of which === 'direct' ? [stages.direct] : stages.phases) {
      result.push({ stage, seen: await walk(cluster, stage, binaries, work) });
    }
    return result;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function restartsOnly({ predicted }: Stage): Stage['predicted'] {
  return { ...predicted, steps: predicted.steps.filter(({ phase }) => phase === 'restarted') };
}

test.each<{ change: Change; which: 'direct' | 'phases' }>([
  { change: 'leaves', which: 'direct' },
  { change: 'authorities', which: 'phases' },
  { change: 'authorities', which: 'direct' },
  { change: 'mixed', which: 'phases' },
])(
  'replacing $change, $which: each predicted break happens, and no other',
  { timeout: 300_000 },
  async ({ change, which }) => {
    for (const { stage, seen } of await walked(change, which)) {
      const predicted = stage.predicted.steps.map((step) => ({
        stage: stage.name,
        member: step.member,
        phase: step.phase,
        refused: predictedAt(step),
      }));
      const real = predicted.map((step, index) => ({ ...step, refused: seen[index]?.refused }));
      expect(real).toEqual(predicted);
      // A writer goes on wherever quorum is predicted to hold and a member can be reached.
      const quiet = seen.filter(({ refused }) => refused.length === 0);
      expect(quiet.every(({ writes }) => writes)).toBe(true);
    }
  },
);

test('the recommended phases of a new CA break nothing, on paper', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-walk-'));
  try {
    const plan = walkPlan(nodesOf('native'));
    const states = await statesOf(plan, 'authorities');
    const { direct, phases } = await stagesOf(plan, states, directory, await etcdBinaries());

    expect(direct.predicted.steps.some(({ broken }) => broken.length > 0)).toBe(true);
    expect(phases.flatMap(({ predicted }) => predicted.steps.flatMap(predictedAt))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
