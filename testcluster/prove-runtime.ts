import { resolve } from 'node:path';
import { parseReport } from '../src/report/parse-report.ts';
import { startCluster } from './cluster.ts';
import { type Runtime, runtimes } from './nodes.ts';
import { deployedDirectory, type SettingsName } from './plan.ts';
import type { Cluster } from './types.ts';

/** Findings that the document's settings must lead to, seen on the wire, and in which runtimes. */
const wanted = ['client-port-admits-anonymous', 'peer-port-admits-client'] as const;

process.exitCode = await main(process.argv[2]);

async function main(name: string | undefined): Promise<number> {
  const runtime = runtimes.find((candidate) => candidate === name);
  if (runtime === undefined) {
    process.stderr.write(`usage: npm run prove-runtime -- ${runtimes.join('|')}\n`);
    return 2;
  }
  const wrong = [...(await prove(runtime, 'seed')), ...(await prove(runtime, 'fixed'))];
  process.stdout.write(`${runtime}: ${wrong.length === 0 ? 'as expected' : wrong.join('; ')}\n`);
  return wrong.length === 0 ? 0 : 1;
}

async function prove(runtime: Runtime, settings: SettingsName): Promise<readonly string[]> {
  await using cluster = await startCluster({ runtime, settings });
  const { code, stdout, stderr } = await verify(cluster);
  const found = new Set(findingsIn(stdout));
  process.stdout.write(
    `${runtime}, ${settings}, etcd ${cluster.version}: exit ${code}, ${[...found].join(', ') || 'no findings'}\n`,
  );
  if (settings === 'fixed') {
    return code === 0 ? [] : [`fixed settings exit ${code}: ${[...found].join(', ')} ${stderr}`];
  }
  const missing = wanted.filter((id) => !found.has(id));
  return code === 1 && missing.length === 0
    ? []
    : [`the document's settings exit ${code}, without ${missing.join(', ')} ${stderr}`];
}

async function verify(cluster: Cluster) {
  return await cluster.run('node', [
    resolve('dist/cli/main.js'),
    'verify',
    cluster.set,
    '--map',
    `${deployedDirectory}=${cluster.certificates}`,
    '--report',
    'json',
  ]);
}

/** Check ids of the findings of a JSON report; nothing when it is none. */
function findingsIn(text: string): readonly string[] {
  if (!text.startsWith('{')) return [];
  const { results } = parseReport(text);
  return results.flatMap(({ check, verdict }) => (verdict.status === 'fail' ? [check.id] : []));
}
