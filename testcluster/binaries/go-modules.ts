import { run } from '../run.ts';

/** Builds etcd and etcdctl of one release from their Go modules, with the Go of this machine. */
export async function buildFromModules(version: string, into: string): Promise<void> {
  const programs = { etcd: 'go.etcd.io/etcd/server/v3', etcdctl: 'go.etcd.io/etcd/etcdctl/v3' };
  await go(['mod', 'init', 'etcd-binaries'], into);
  await go(['get', ...Object.values(programs).map((module) => `${module}@v${version}`)], into);
  for (const [name, module] of Object.entries(programs)) {
    await go(['build', '-trimpath', '-o', name, module], into);
  }
}

/** Every final release of a series such as `3.6` that the module proxy knows, newest first. */
export async function releasesOf(series: string, directory: string): Promise<readonly string[]> {
  const module = 'go.etcd.io/etcd/server/v3';
  const answer = await go(['list', '-m', '-json', '-versions', `${module}@latest`], directory);
  const found = [...answer.matchAll(/"v(\d+\.\d+\.\d+)"/g)].map((match) => match[1] ?? '');
  return [...new Set(found)]
    .filter((version) => version.startsWith(`${series}.`))
    .toSorted((one, other) => patch(other) - patch(one));
}

function patch(version: string): number {
  return Number(version.split('.')[2]);
}

async function go(parameters: readonly string[], directory: string): Promise<string> {
  const ended = await run('go', parameters, {
    cwd: directory,
    environment: { GOWORK: 'off', GOFLAGS: '-mod=mod', CGO_ENABLED: '0' },
  });
  if (ended.code !== 0) {
    const said = ended.stderr.trim().split('\n').slice(-2).join(' / ');
    const because = ended.code === 127 ? 'there is no Go on this machine' : said;
    throw new Error(`go ${parameters.join(' ')}: ${because}`);
  }
  return ended.stdout;
}
