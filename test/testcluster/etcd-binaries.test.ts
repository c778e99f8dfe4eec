import { cp, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

test('the releases that were fetched are those of the list, not each build by another Go', async () => {
  const { etcd } = await etcdBinaries('3.4.23');
  await using cache = await directoryWith({});
  for (const name of ['3.4.23', '3.5.16', '3.4.23+go1.19.8']) {
    await mkdir(join(cache.path, name));
    await cp(dirname(etcd), join(cache.path, name), { recursive: true });
  }
  vi.stubEnv('ETCD_TLS_AUDIT_CACHE', cache.path);
  vi.stubEnv('ETCD_TLS_AUDIT_ETCD', undefined);
  vi.resetModules();
  const { fetchedBinaries } = await import('../../testcluster/etcd-binaries.ts');

  const fetched = await fetchedBinaries();

  expect(fetched.map(({ name }) => name)).toEqual(['3.4.23', '3.5.16']);
  vi.unstubAllEnvs();
});
