import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
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

/**
 * Releases of 3.4 are no versions of a Go module (https://go.dev/ref/mod#major-version-suffixes): the proxy has some as the
 * commit of their tag, most of which the checksum database does not list. Each with the sum of its files.
 */
const commits: ReadonlyMap<string, { readonly version: string; readonly sum: string }> = new Map(
  Object.entries({
    '3.4.0': ['20190830150955-898bd1351fcf', 'gEJTdojsRjEGIWjSPy108UcsTtC3jEjXFeFasku3Az0='],
    '3.4.13': ['20200824191128-ae9734ed278b', '3kC4J3eQF6p1UEfQTkC67eEeb3rTk+shQqdX6tFyq9Q='],
    '3.4.16': ['20210512015243-d19fbe541bf9', 'MNsY1TIsWLNCMT4DzZjFOxbDKfSoULYP0OFjJ8dSxts='],
    '3.4.19': ['20220712081845-4636a5fab43f', 'oVWjLvcUaKO8zDakILckws6aIF92iBTuLwLSx+VqU1U='],
    '3.4.24': ['20230216013900-6d1bfe4f9927', 'Y893vYhArXCkww5DEU1E2C4VuP6yXp5lRwTmkIff8Lg='],
    '3.4.26': ['20230512014047-a603c0798948', 'aMiLw6r1sa2PPV6W6bWtL9WadNqDaRLdLCChEgZvgss='],
    '3.4.30': ['20240131130919-ff2304879e1b', 'NeKdMkWVeCdzdg9Rip/aVOgBeoGAjldAZ2pXLskuksU='],
    '3.4.31': ['20240320135013-950cd5fbe6ca', 'LCc0GAhfJ+qDqnUbE7ybQ0mTz1dNRn2iiM6e183p/5E='],
  }).map(([release, [commit, sum]]) => [
    release,
    { version: `v0.5.0-alpha.5.0.${commit}`, sum: `h1:${sum}` },
  ]),
);

/** The sources of a release of 3.4, if the proxy has them. */
export async function sourcesFromProxy(release: string, into: string): Promise<string | undefined> {
  const commit = commits.get(release);
  if (commit === undefined) return undefined;
  const { program, environment } = await ownToolchain();
  const toolchain = { program, environment: { ...environment, GONOSUMDB: 'go.etcd.io/etcd' } };
  await go(['mod', 'init', 'etcd-sources'], into, toolchain);
  const wanted = ['mod', 'download', '-json', `go.etcd.io/etcd@${commit.version}`];
  const { Dir: found, Sum: sum } = z
    .object({ Dir: z.string(), Sum: z.string() })
    .parse(JSON.parse(await go(wanted, into, toolchain)));
  if (sum !== commit.sum) throw new Error(`etcd ${release} of the module proxy has the sum ${sum}`);
  const sources = resolve(into, 'sources');
  // Files of the module cache are read only.
  const copied = await run('cp', ['--recursive', '--no-preserve=mode', found, sources]);
  if (copied.code !== 0) throw new Error(`cp ${found}: ${copied.stderr.trim()}`);
  return sources;
}

/** Builds etcd and etcdctl of 3.4 from their sources, which are one module. */
export async function buildFromSources(
  sources: string,
  into: string,
  toolchain: Toolchain,
): Promise<void> {
  const [proxy = ''] = (await go(['env', 'GOPROXY'], sources, await ownToolchain()))
    .trim()
    .split(/[,|]/);
  // Go 1.12, which the oldest are built by, has neither `-trimpath` nor `-mod=mod`, and asks one proxy that is named.
  const { program, environment } = toolchain;
  const plain = { program, environment: { ...environment, GOFLAGS: '', GOPROXY: proxy } };
  for (const [name, directory] of Object.entries({ etcd: '.', etcdctl: './etcdctl' })) {
    await go(['build', '-o', resolve(into, name), directory], sources, plain);
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
