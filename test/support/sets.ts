import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCertSet } from '../../testcluster/cert-set.ts';

/** The document's set as it stands and mended, each in a directory of its own. */
export interface Sets extends AsyncDisposable {
  readonly root: string;
  readonly seed: string;
  readonly mended: string;
}

export async function writeSets(): Promise<Sets> {
  const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-sets-'));
  const [seed, mended] = [join(root, 'seed'), join(root, 'mended')];
  await writeCertSet(seed, { settings: 'seed' });
  await writeCertSet(mended, { settings: 'mended' });
  return { root, seed, mended, [Symbol.asyncDispose]: () => rm(root, { recursive: true }) };
}
