import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { deployedDirectory } from '../plan.ts';

/** The releases to forecast for. */
export interface Releases {
  readonly version: string;
  readonly goVersion: string;
}

/** What the audit predicts for a cert set, knowing the releases. */
export async function predict(
  set: string,
  certificates: string,
  { version, goVersion }: Releases,
): Promise<readonly Edge[]> {
  const request = {
    paths: [set],
    maps: [{ prefix: deployedDirectory, directory: certificates }],
    etcdVersion: version,
    goVersion,
  };
  return forecast(deploymentOf(await collect(request), request));
}
