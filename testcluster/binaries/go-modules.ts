import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { run } from '../run.ts';
import { ownToolchain, type Toolchain } from './go-toolchains.ts';

/**
 * Builds etcd and etcdctl of one release from their Go modules, with the Go of this machine or another. The
 * module that it does so in states the Go release that etcd's own states, from which Go takes the defaults of
 * GODEBUG (https://go.dev/doc/godebug).
 */
export async function buildFromModules(
  version: string,
  into: string,
  chosen?: Toolchain,
): Promise<void> {
  const toolchain = chosen ?? (await ownToolchain());
  const programs = { etcd: 'go.etcd.io/etcd/server/v3', etcdctl: 'go.etcd.io/etcd/etcdctl/v3' };
  await go(['mod', 'init', 'etcd-binaries'], into, toolchain);
  const stated = await statedGo(`${programs.etcd}@v${version}`, into, toolchain);
  if (chosen !== undefined) await go(['mod', 'edit', `-go=${stated}`], into, toolchain);
  const modules = Object.values(programs).map((module) => `${module}@v${version}`);
  await go(['get', ...(await withoutInstalling(into, toolchain)), ...modules], into, toolchain);
  for (const [name, module] of Object.entries(programs)) {
    await go(['build', '-trimpath', '-o', name, module], into, toolchain);
  }
}

/** Builds etcd and etcdctl of 3.4 from their sources, which are one module. */
export async function buildFromSources(
  sources: string,
  into: string,
  toolchain: Toolchain,
): Promise<void> {
  for (const [name, directory] of Object.entries({ etcd: '.', etcdctl: './etcdctl' })) {
    await go(['build', '-trimpath', '-o', resolve(into, name), directory], sources, toolchain);
  }
}

/** Before Go 1.18 `go get` also installed the programs (https://go.dev/doc/go1.18#go-get). */
async function withoutInstalling(directory: string, toolchain: Toolchain): Promise<string[]> {
  const version = await go(['version'], directory, toolchain);
  const minor = Number(/go1\.(\d+)/.exec(version)?.[1]);
  return minor < 18 ? ['-d'] : [];
}

/** The Go release in the go.mod of a module. */
async function statedGo(module: string, directory: string, toolchain: Toolchain): Promise<string> {
  const answer = await go(['mod', 'download', '-json', module], directory, toolchain);
  const path = /"GoMod": "([^"]+)"/.exec(answer)?.[1] ?? '';
  return /^go (\S+)/m.exec(await readFile(path, 'utf8'))?.[1] ?? '1.16';
}

/** Every final release of a series such as `3.6` that the module proxy knows, newest first. */
export async function releasesOf(series: string, directory: string): Promise<readonly string[]> {
  const module = 'go.etcd.io/etcd/server/v3';
  const listing = ['list', '-m', '-json', '-versions', `${module}@latest`];
  const answer = await go(listing, directory, await ownToolchain());
  const found = [...answer.matchAll(/"v(\d+\.\d+\.\d+)"/g)].map((match) => match[1] ?? '');
  return [...new Set(found)]
    .filter((version) => version.startsWith(`${series}.`))
    .toSorted((one, other) => patch(other) - patch(one));
}

function patch(version: string): number {
  return Number(version.split('.')[2]);
}

async function go(
  parameters: readonly string[],
  directory: string,
  { program, environment }: Toolchain,
): Promise<string> {
  const ended = await run('nice', [program, ...parameters], {
    cwd: directory,
    environment: { GOWORK: 'off', GOFLAGS: '-mod=mod', CGO_ENABLED: '0', ...environment },
    timeoutMilliseconds: 3_600_000,
  });
  if (ended.code !== 0) {
    const said = ended.stderr.trim().split('\n').slice(-2).join(' / ');
    const because = ended.code === 127 ? 'there is no Go on this machine' : said;
    throw new Error(`go ${parameters.join(' ')}: ${because}`);
  }
  return ended.stdout;
}
