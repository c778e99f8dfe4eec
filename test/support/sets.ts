import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCertSet } from '../../testcluster/cert-set.ts';

/** The document's set as it stands and fixed, each in a directory of its own. */
export interface Sets extends AsyncDisposable {
  readonly root: string;
  readonly seed: string;
  readonly fixed: string;
}

export async function writeSets(): Promise<Sets> {
  const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-sets-'));
  const [seed, fixed] = [join(root, 'seed'), join(root, 'fixed')];
  await writeCertSet(seed, { settings: 'seed' });
  await writeCertSet(fixed, { settings: 'fixed' });
  return { root, seed, fixed, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
