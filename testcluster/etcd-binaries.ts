import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { cacheDirectory } from './binaries/cache.ts';
import {
  debianPrograms,
  fetchFromDebian,
  fetchFromDistribution,
  fetchSources,
} from './binaries/debian.ts';
import {
  buildFromModules,
  buildFromSources,
  releasesOf,
  sourcesFromProxy,
} from './binaries/go-modules.ts';
import { goToolchain } from './binaries/go-toolchains.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/** A real etcd with the etcdctl of the same release. */
export interface EtcdBinaries {
  /** What `etcdBinaries` takes to give these. */
  readonly name: string;
  /** What `etcd --version` says, e.g. `3.5.16`. */
  readonly version: string;
  /** E.g. `1.24.0`. */
  readonly goVersion: string;
  readonly etcd: string;
  readonly etcdctl: string;
  /** Where it came from, in words. */
  readonly source: string;
}

/** Why a release could not be had. */
class EtcdUnavailable extends Error {
  override readonly name = 'EtcdUnavailable';
}

/** The releases that everything is tried on, oldest first. Debian's are those of its suites. */
export const releases: readonly Release[] = [
  { version: '3.3.25', suite: 'bullseye' },
  { version: '3.4.23', suite: 'bookworm' },
  { version: '3.5.16', suite: 'trixie' },
  { version: '3.5.30', suite: 'sid' },
  { version: '3.6' },
  { version: '3.7' },
];

interface Release {
  /** A release, or a series of which the newest is meant. */
  readonly version: string;
  /** Where Debian has it; the Go module proxy is asked for the others. */
  readonly suite?: string;
}

/**
 * The official binaries are not to be had from package registries: these are the same releases of etcd, built by
 * the Go release of the official binary, or by the nearest patch of it that the module proxy has. Of 3.4
 * some releases are to be had. Oldest etcd first.
 */
export const officialBuilds: readonly string[] = [
  '3.4.0+go1.12.17',
  '3.4.13+go1.12.17',
  '3.4.16+go1.12.17',
  '3.4.19+go1.16.15',
  '3.4.23+go1.17.13',
  '3.4.24+go1.17.13',
  '3.4.26+go1.19.9',
  '3.4.30+go1.20.14',
  '3.4.31+go1.21.8',
  '3.5.0+go1.16.3',
  '3.5.6+go1.16.15',
  '3.5.7+go1.17.13',
  '3.5.9+go1.19.11',
  '3.5.12+go1.20.14',
  '3.5.15+go1.21.12',
  '3.5.17+go1.22.11',
  '3.5.21+go1.23.7',
  '3.5.33+go1.25.12',
  '3.6.0+go1.23.9',
  '3.6.4+go1.23.12',
  '3.6.8+go1.24.13',
  '3.6.14+go1.25.12',
  '3.7.1+go1.26.5',
  '3.7.3+go1.27.4',
];

/** For each minor release of Go the build of the newest etcd, oldest Go first. */
export const newestOfEachGo: readonly string[] = [
  ...new Map(officialBuilds.map((build) => [goMinor(build), build])).values(),
].toSorted((one, other) => goMinor(one) - goMinor(other));

function goMinor(build: string): number {
  return Number(/\+go1\.(\d+)/.exec(build)?.[1]);
}

/** The suite of Debian that has the sources of a release that is no Go module of the proxy. */
const sourceSuites: ReadonlyMap<string, string> = new Map([['3.4.23', 'bookworm']]);

/**
 * The programs of a release, fetched if need be; never an etcd in the PATH, whose release and build
 * are arbitrary. Without a version: what ETCD_TLS_AUDIT_ETCD names, a release or a directory that
 * contains both programs; else the first of `defaults` that can be had. Callers may come at the same time.
 */
export async function etcdBinaries(
  version: string | undefined = process.env['ETCD_TLS_AUDIT_ETCD'],
): Promise<EtcdBinaries> {
  if (version?.includes('/') === true) {
    const directory = resolve(version);
    return describe(directory, 'the directory that ETCD_TLS_AUDIT_ETCD names', directory);
  }
  return version === undefined ? firstOf(defaults) : fetched(version);
}

/** The programs of a release that was fetched before. */
export async function keptBinaries(version: string): Promise<EtcdBinaries> {
  const kept = await (version.includes('/') ? etcdBinaries(version) : cachedBinaries(version));
  if (kept === undefined) throw new EtcdUnavailable(`etcd ${version} was not fetched before`);
  return kept;
}

/** Debian's, which is quick to have; the distribution's own on Ubuntu; where there is no apt, built with Go. */
const defaults: readonly [string, ...string[]] = ['3.4.23', 'distribution', '3.6'];

async function firstOf([first, ...others]: readonly [string, ...string[]]): Promise<EtcdBinaries> {
  let reason: unknown;
  for (const wanted of [first, ...others]) {
    try {
      return await fetched(wanted);
    } catch (error) {
      // Why the preferred one could not be had is of more use than why the last resort could not.
      reason ??= error;
    }
  }
  throw reason;
}

async function fetched(wanted: string): Promise<EtcdBinaries> {
  const cached = await cachedBinaries(wanted);
  if (cached !== undefined) {
    return cached;
  }
  await mkdir(cacheDirectory, { recursive: true });
  const lock = join(cacheDirectory, `${wanted}.lock`);
  return withLock(lock, async () => (await cachedBinaries(wanted)) ?? (await fetchRelease(wanted)));
}

/**
 * Those of the releases that everything is tried on that have been fetched so far, the default one at least. Builds
 * by other releases of Go are none of them: there are many, which only `npm run truth` asks for.
 */
export async function fetchedBinaries(): Promise<readonly EtcdBinaries[]> {
  const first = await etcdBinaries();
  const cached = await Promise.all(releases.map(async ({ version }) => cachedBinaries(version)));
  const others = cached.filter((each) => each !== undefined && each.etcd !== first.etcd);
  return [first, ...others.filter((each) => each !== undefined)];
}

async function cachedBinaries(wanted: string): Promise<EtcdBinaries | undefined> {
  const directory = join(cacheDirectory, wanted);
  const source = await readFile(join(directory, 'source'), 'utf8').catch(() => undefined);
  return source === undefined ? undefined : describe(directory, source.trim(), wanted);
}

async function fetchRelease(wanted: string): Promise<EtcdBinaries> {
  const work = await mkdtemp(join(cacheDirectory, 'fetch-'));
  try {
    const { programs, source } = await fetchInto(wanted, work);
    const ready = join(work, 'ready');
    await mkdir(ready);
    await copyFile(join(programs, 'etcd'), join(ready, 'etcd'));
    await copyFile(join(programs, 'etcdctl'), join(ready, 'etcdctl'));
    await writeFile(join(ready, 'source'), `${source}\n`);
    await describe(ready, source, wanted);
    await rm(join(cacheDirectory, wanted), { recursive: true, force: true });
    await rename(ready, join(cacheDirectory, wanted));
    return await describe(join(cacheDirectory, wanted), source, wanted);
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    throw new EtcdUnavailable(`etcd ${wanted} could not be had: ${because}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchInto(
  wanted: string,
  work: string,
): Promise<{ programs: string; source: string }> {
  const suite = releases.find(({ version }) => version === wanted)?.suite;
  if (suite !== undefined) {
    await fetchFromDebian(suite, work);
    return { programs: join(work, debianPrograms), source: `Debian's suite ${suite}` };
  }
  if (wanted === 'distribution') {
    await fetchFromDistribution(work);
    return { programs: join(work, debianPrograms), source: "the distribution's packages" };
  }
  const [release = '', go] = wanted.split('+go');
  if (go !== undefined) {
    return { programs: work, source: await buildWith(go, release, work) };
  }
  const isSeries = wanted.split('.').length === 2;
  const [version] = isSeries ? await releasesOf(wanted, work) : [wanted];
  if (version === undefined) {
    throw new Error(`the Go module proxy knows no release of ${wanted}`);
  }
  await buildFromModules(version, work);
  return { programs: work, source: `Go modules, built on this machine` };
}

async function buildWith(go: string, release: string, work: string): Promise<string> {
  const suite = sourceSuites.get(release);
  const toolchain = await goToolchain(go);
  if (suite !== undefined) {
    await buildFromSources(await fetchSources(suite, work, 'etcd'), work, toolchain);
    return `the sources of Debian's suite ${suite}, built here by Go ${go}`;
  }
  const sources = await sourcesFromProxy(release, work);
  if (sources === undefined) await buildFromModules(release, work, toolchain);
  else await buildFromSources(sources, work, toolchain);
  return `Go modules, built here by Go ${go}`;
}

/** Runs the programs, which also shows that they run here at all. */
async function describe(directory: string, source: string, name: string): Promise<EtcdBinaries> {
  const etcd = join(directory, 'etcd');
  const ended = await run(etcd, ['--version']);
  const version = /etcd Version: (\S+)/.exec(ended.stdout)?.[1];
  const goVersion = /Go Version: go(\S+)/.exec(ended.stdout)?.[1];
  if (version === undefined || goVersion === undefined) {
    throw new Error(`${etcd} does not run here: ${ended.stderr.trim().split('\n')[0] ?? ''}`);
  }
  return { name, version, goVersion, etcd, etcdctl: join(directory, 'etcdctl'), source };
}
