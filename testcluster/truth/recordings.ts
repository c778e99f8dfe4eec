import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import type { Fault } from '../faults/index.ts';
import type { Observation } from './observation.ts';
import { tryFault } from './trial.ts';

/** Cert sets and observations of the last run, from which a forecast can be made again. */
const recordings = join(import.meta.dirname, '..', '..', '.cache', 'truth');

/** Tries a fault on real etcd, and keeps what was written and seen. */
export async function record(fault: Fault, binaries: EtcdBinaries): Promise<void> {
  const directory = placeOf(fault, binaries);
  const observations = await tryFault(fault, binaries, async (set) => {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { recursive: true });
    await cp(set, join(directory, 'set'), { recursive: true });
  });
  await writeFile(join(directory, 'observations.json'), JSON.stringify(observations, undefined, 1));
}

/** Whether there is anything to replay. */
export function isRecorded(fault: Fault, binaries: EtcdBinaries): boolean {
  return existsSync(join(placeOf(fault, binaries), 'observations.json'));
}

/** What was kept of the last run. */
export async function recording(
  fault: Fault,
  binaries: EtcdBinaries,
): Promise<{ observations: readonly Observation[]; set: string }> {
  const directory = placeOf(fault, binaries);
  const text = await readFile(join(directory, 'observations.json'), 'utf8');
  const observations: unknown = JSON.parse(text);
  if (!areObservations(observations)) {
    throw new Error(`${directory} holds no observations`);
  }
  return { observations, set: join(directory, 'set') };
}

function placeOf({ name }: Fault, { version, goVersion }: EtcdBinaries): string {
  return join(recordings, `${version}-go${goVersion}`, name);
}

/** The file was written by this program. */
function areObservations(value: unknown): value is readonly Observation[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'object');
}
