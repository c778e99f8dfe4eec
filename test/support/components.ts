import { missingComponents } from '../../testcluster/components.ts';
import { variable } from './missing.ts';

/** Before any test: finds out what is missing. Fetches etcd if need be, which takes no root. */
export async function setup(): Promise<void> {
  process.env[variable] = (await missingComponents()).join(',');
}
