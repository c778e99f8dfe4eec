import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { debianPrograms, fetchFromDebian } from './binaries/debian.ts';
import { buildFromModules, releasesOf } from './binaries/go-modules.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/** A real etcd with the etcdctl of the same release. */
export interface EtcdBinaries {
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
];

interface Release {
  /** A release, or a series of which the newest is meant. */
  readonly version: string;
  /** Where Debian has it; the Go module proxy is asked for the others. */
  readonly suite?: string;
}

/** Holds fetched programs between runs; beside the sources unless the environment says otherwise. */
const cacheDirectory: string = resolve(
  process.env['ETCD_TLS_AUDIT_CACHE'] ?? join(import.meta.dirname, '..', '.cache', 'etcd'),
);

/**
 * The programs of a release, fetched if need be. Without a version: the one that ETCD_TLS_AUDIT_ETCD
 * names, else what is installed, else what can be had quickest. Callers may come at the same time.
 */
export async function etcdBinaries(
  version: string | undefined = process.env['ETCD_TLS_AUDIT_ETCD'],
): Promise<EtcdBinaries> {
  const installed = await installedBinaries();
  if (installed !== undefined && matches(installed.version, version)) {
    return installed;
  }
  const wanted = version ?? '3.4.23';
  const cached = await cachedBinaries(wanted);
  if (cached !== undefined) {
    return cached;
  }
  await mkdir(cacheDirectory, { recursive: true });
  const lock = join(cacheDirectory, `${wanted}.lock`);
  return withLock(lock, async () => (await cachedBinaries(wanted)) ?? (await fetchRelease(wanted)));
}

/** `3.6` matches any 3.6.x; nothing asked for matches everything. */
function matches(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || version === wanted || version.startsWith(`${wanted}.`);
}

async function cachedBinaries(wanted: string): Promise<EtcdBinaries | undefined> {
  const directory = join(cacheDirectory, wanted);
  const source = await readFile(join(directory, 'source'), 'utf8').catch(() => undefined);
  return source === undefined ? undefined : describe(directory, source.trim());
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
    await describe(ready, source);
    await rm(join(cacheDirectory, wanted), { recursive: true, force: true });
    await rename(ready, join(cacheDirectory, wanted));
    return await describe(join(cacheDirectory, wanted), source);
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
  const isSeries = wanted.split('.').length === 2;
  const [version] = isSeries ? await releasesOf(wanted, work) : [wanted];
  if (version === undefined) {
    throw new Error(`the Go module proxy knows no release of ${wanted}`);
  }
  await buildFromModules(version, work);
  return { programs: work, source: `Go modules, built on this machine` };
}

/** Runs the programs, which also shows that they run here at all. */
async function describe(directory: string, source: string): Promise<EtcdBinaries> {
  const etcd = join(directory, 'etcd');
  const ended = await run(etcd, ['--version']);
  const version = /etcd Version: (\S+)/.exec(ended.stdout)?.[1];
  const goVersion = /Go Version: go(\S+)/.exec(ended.stdout)?.[1];
  if (version === undefined || goVersion === undefined) {
    throw new Error(`${etcd} does not run here: ${ended.stderr.trim().split('\n')[0] ?? ''}`);
  }
  return { version, goVersion, etcd, etcdctl: join(directory, 'etcdctl'), source };
}

async function installedBinaries(): Promise<EtcdBinaries | undefined> {
  const where = await run('/bin/sh', ['-c', 'command -v etcd && command -v etcdctl']);
  const [etcd] = where.stdout.split('\n');
  if (where.code !== 0 || etcd === undefined) {
    return undefined;
  }
  return describe(dirname(etcd), 'installed on this machine').catch(() => undefined);
}
