import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { look } from '../../src/audit.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { rollout } from '../../src/forecast/rollout.ts';
import { rotation } from '../../src/forecast/rotation.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import type { PathMap } from '../../src/model/stated-inventory.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { deployedDirectory } from '../../testcluster/plan.ts';

// A kubeadm cluster before and after the rotation of its CAs. It is not part of the repository.
const root = resolve(import.meta.dirname, '..', '..', '..', 'shared', 'found', 'rotation');

function hosts(state: string): readonly string[] {
  return ['cp1', 'cp2', 'cp3'].map((host) => join(root, state, host));
}

async function deploymentIn(
  paths: readonly string[],
  maps: readonly PathMap[] = [],
): Promise<Deployment> {
  const request = { paths, maps };
  return deploymentOf(await look(request), request);
}

test.skipIf(!existsSync(root))('the phases for a kubeadm cluster break nothing', async () => {
  const [old, fresh] = [
    await deploymentIn(hosts('current')),
    await deploymentIn(hosts('new')),
  ] as const;
  const phases = rotation(old, fresh);

  expect(rollout(old, fresh).keepsQuorum).toBe(false);
  expect(phases.map(({ rollout: { keepsQuorum } }) => keepsQuorum)).toEqual([true, true, true]);
  expect(phases.flatMap(({ rollout: { steps } }) => steps.flatMap(({ broken }) => broken))).toEqual(
    [],
  );
});

test('the documented example: from the set of the how-to to the fixed one', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-rotation-'));
  try {
    const deploymentFor = async (settings: 'seed' | 'fixed') => {
      const set = join(directory, settings);
      const certificates = await writeCertSet(set, { settings });
      return deploymentIn([set], [{ prefix: deployedDirectory, directory: certificates }]);
    };
    const [old, fresh] = [await deploymentFor('seed'), await deploymentFor('fixed')] as const;
    const ofPeers = rotation(old, fresh).flatMap(({ rollout: { steps } }) =>
      steps.flatMap(({ broken }) => broken.filter(({ edge }) => edge === 'peer')),
    );

    expect(rollout(old, fresh).keepsQuorum).toBe(false);
    expect(ofPeers).toEqual([]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
