import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { deployedDataDirectory, deployedDirectory } from '../plan.ts';

/** The releases to forecast for. */
export interface Releases {
  readonly version: string;
  readonly goVersion: string;
}

/**
 * What the audit predicts for a cert set, knowing the releases. Members start for the first time, which an empty
 * data directory shows.
 */
export async function predict(
  set: string,
  certificates: string,
  { version, goVersion }: Releases,
): Promise<readonly Edge[]> {
  const data = await mkdtemp(join(tmpdir(), 'etcd-data-'));
  try {
    const request = {
      paths: [set, data],
      maps: [
        { prefix: deployedDirectory, directory: certificates },
        { prefix: deployedDataDirectory, directory: data },
      ],
      etcdVersion: version,
      goVersion,
    };
    return forecast(deploymentOf(await collect(request), request));
  } finally {
    await rm(data, { recursive: true });
  }
}
