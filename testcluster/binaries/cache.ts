import { join, resolve } from 'node:path';

/** Holds fetched programs between runs; next to the sources unless the environment says otherwise. */
export const cacheDirectory: string = resolve(
  process.env['ETCD_TLS_AUDIT_CACHE'] ?? join(import.meta.dirname, '..', '..', '.cache', 'etcd'),
);
