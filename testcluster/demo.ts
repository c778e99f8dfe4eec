import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ignoreClosedPipe } from '../src/cli/closed-pipe.ts';
import { startCluster } from './cluster.ts';
import { bestRuntime } from './commands.ts';
import type { Runtime } from './nodes.ts';
import { deployedDirectory, type SettingsName } from './plan.ts';
import type { Cluster } from './types.ts';

/** The whole story in one command: the document's cluster as it is, then with its mistakes fixed. */
const program = resolve('dist/cli/main.js');

ignoreClosedPipe(process.stdout);
process.exitCode = await main();

async function main(): Promise<number> {
  const runtime = await bestRuntime();
  const wrong: string[] = [];
  for (const [settings, expected] of [
    ['seed', 1],
    ['fixed', 0],
  ] as const) {
    const directory = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-demo-'));
    try {
      await using cluster = await startCluster({ runtime, settings, directory });
      wrong.push(...(await tell(cluster, settings, expected)));
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  process.stdout.write(
    wrong.length === 0 ? '\nThe demo ended as it should.\n' : `\n${wrong.join('\n')}\n`,
  );
  return wrong.length === 0 ? 0 : 1;
}

async function tell(
  cluster: Cluster,
  settings: SettingsName,
  expected: number,
): Promise<readonly string[]> {
  heading(
    settings === 'seed'
      ? "The document's certificates and settings, to the letter"
      : 'The same cluster with its mistakes fixed',
    cluster.runtime,
    cluster.version,
  );
  const wrong: string[] = [];
  for (const command of ['check', 'verify'] as const) {
    const version = command === 'check' ? ['--etcd-version', cluster.version] : [];
    const parameters = [
      program,
      command,
      cluster.set,
      '--map',
      `${deployedDirectory}=${cluster.certificates}`,
      ...version,
    ];
    process.stdout.write(`\n$ etcd-tls-audit ${command} ${cluster.set}\n\n`);
    const { code, stdout, stderr } = await cluster.run('node', parameters);
    process.stdout.write(stdout);
    if (code === expected) continue;
    wrong.push(
      `${command} with the ${settings} settings ended with ${code} instead of ${expected}: ${stderr}`,
    );
  }
  return wrong;
}

function heading(title: string, runtime: Runtime, version: string): void {
  const line = `${title} (etcd ${version}, ${runtime})`;
  process.stdout.write(`\n${line}\n${'='.repeat(line.length)}\n`);
}
