import { type EtcdBinaries, fetchedBinaries } from '../../testcluster/etcd-binaries.ts';
import { isMissing } from './missing.ts';

/** The releases of etcd that were fetched. Without any, tests of them have a name and are skipped (`skipWithout`). */
export const etcdReleases: readonly EtcdBinaries[] = isMissing('etcd')
  ? [
      {
        name: 'any',
        version: '3.5.0',
        goVersion: '1.16.0',
        etcd: 'etcd',
        etcdctl: 'etcdctl',
        source: 'missing',
      },
    ]
  : await fetchedBinaries();
