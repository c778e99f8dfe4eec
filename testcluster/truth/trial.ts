import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issueAuthority } from '../issue/issue.ts';
import { startCluster } from '../cluster.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { type Fault, withFault } from '../faults/index.ts';
import { clientUrl, type Node } from '../nodes.ts';
import { type Plan, planOf } from '../plan.ts';
import type { Shown } from './dial.ts';
import type { Observation } from './observation.ts';
import { observe } from './observe.ts';
import { talkative } from './talkative.ts';

/** Starts real etcd with a fault, hands its cert set over, and dials every edge. */
export async function tryFault(
  fault: Fault,
  binaries: EtcdBinaries,
  keep: (set: string) => Promise<void>,
): Promise<readonly Observation[]> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-truth-'));
  try {
    // Members of another user pass through it.
    await chmod(directory, 0o711);
    const foreign = await writeForeign(join(directory, 'foreign'));
    await using cluster = await startCluster({
      runtime: 'netns',
      etcd: binaries.name,
      directory: join(directory, 'cluster'),
      plan: (nodes) => trialPlan(nodes, fault),
      unready: 'everybody',
      tuning: talkative(binaries.version),
    });
    await keep(cluster.set);
    return await observe(cluster, binaries, foreign);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** One member where one shows the fault, and etcdctl alone for a client: the others dial like it. */
export function trialPlan(nodes: readonly Node[], fault: Fault): Plan {
  const taken = nodes.slice(0, fault.members ?? 1);
  const sound = planOf({ runtime: 'netns', settings: 'fixed', keys: 'ecdsa', nodes: taken });
  const clients = { etcdctlEndpoints: taken.slice(0, 1).map(clientUrl) };
  return withFault({ ...sound, clients }, fault);
}

async function writeForeign(directory: string): Promise<Shown> {
  const authority = await issueAuthority({ commonName: 'nobody trusts this' });
  const issued = await authority.issue({ commonName: 'stranger', usages: ['clientAuth'] });
  const shown = { certificate: join(directory, 'cert.pem'), key: join(directory, 'key.pem') };
  await mkdir(directory);
  await writeFile(shown.certificate, issued.certificatePem);
  await writeFile(shown.key, issued.privateKeyPem);
  return shown;
}
