import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect } from '../../src/collect/collect.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { EtcdBinaries } from '../etcd-binaries.ts';
import { deployedDirectory } from '../plan.ts';
import { certificatesIn } from '../write-plan.ts';
import type { OracleClient } from './oracle-client.ts';
import type { Heard } from './trial.ts';

/** What is predicted where the members' settings and those of this one client are given. */
export async function predict(
  client: OracleClient,
  { program, given }: Heard,
  set: string,
  { version, goVersion }: Pick<EtcdBinaries, 'version' | 'goVersion'>,
): Promise<readonly Edge[]> {
  const own = await mkdtemp(join(tmpdir(), 'etcd-oracle-settings-'));
  try {
    await mkdir(own, { recursive: true });
    for (const [name, text] of Object.entries(client.settings(given))) {
      await writeFile(join(own, name), text);
    }
    // The set also holds the script that etcdctl is given.
    const parts = (await readdir(set)).filter((name) => name !== 'etcd-env.sh');
    const request = {
      paths: [...parts.map((name) => join(set, name)), own],
      maps: [{ prefix: deployedDirectory, directory: certificatesIn(set) }],
      etcdVersion: version,
      goVersion,
    };
    const deployment = deploymentOf(await collect(request), request);
    return forecast(withGo(deployment, program.goVersion));
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** What the program was built with is known here, and to the audit it is not. */
function withGo(
  deployment: ReturnType<typeof deploymentOf>,
  release: string | undefined,
): ReturnType<typeof deploymentOf> {
  if (release === undefined) return deployment;
  const goVersion = { value: release, origin: { via: 'assumed', because: 'it says so' } } as const;
  const clients = (deployment.facts.clients ?? []).map((client) => ({ ...client, goVersion }));
  return { ...deployment, facts: { ...deployment.facts, clients } };
}
