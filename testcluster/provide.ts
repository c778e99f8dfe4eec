import { parseArgs } from 'node:util';
import {
  type ComponentName,
  components,
  describeMissing,
  isOptional,
  missingComponents,
} from './components.ts';
import { etcdBinaries } from './etcd-binaries.ts';
import { run } from './run.ts';

const usage = `usage: tsx testcluster/provide.ts [--with-docker]

Gets what the tests need and npm does not bring: etcd from Debian's packages, unpacked below .cache;
everything else from the packages of Debian or Ubuntu, installed if you are root. Elsewhere it prints one
line for each missing component. It never fails: the tests that need a missing component are skipped.
`;

await main();

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'with-docker': { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return;
  }
  const isWanted = (name: ComponentName) => values['with-docker'] || !isOptional(name);
  const toInstall = (await missingComponents()).filter(isWanted);
  const packages = toInstall.flatMap((name) => components[name].packages);
  if (packages.length > 0 && (await canInstall())) await install(packages);

  const { version, source } = await etcdBinaries().catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return { version: 'none', source: 'nowhere' };
  });
  process.stdout.write(`etcd for the tests: ${version} (${source})\n`);
  for (const name of (await missingComponents()).filter(isWanted)) {
    process.stdout.write(`${describeMissing(name)}\n`);
  }
}

async function canInstall(): Promise<boolean> {
  return process.getuid?.() === 0 && (await run('apt-get', ['--version'])).code === 0;
}

async function install(packages: readonly string[]): Promise<void> {
  process.stdout.write(`Installing ${packages.join(', ')}\n`);
  const environment = { DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = ['--quiet=2', '--yes'];
  const steps = [
    [...quiet, 'update'],
    [...quiet, '--no-install-recommends', 'install', ...packages],
  ];
  for (const step of steps) {
    const { code, stderr } = await run('apt-get', step, { environment });
    if (code !== 0) {
      process.stdout.write(`apt-get ${step.join(' ')} failed:\n${stderr.trim()}\n`);
      return;
    }
  }
}
