import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { etcdBinaries } from '../etcd-binaries.ts';
import { run } from '../run.ts';

/** The image that docker-compose.yml names when nothing else is said. */
const officialImage = 'gcr.io/etcd-development/etcd:v3.6.16';

/**
 * The image to run: the one that the environment or docker-compose.yml names, if it is here or can be
 * pulled; else one made here of real programs and the libraries they are linked to.
 */
export async function imageFor(
  etcd: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const named = process.env['ETCD_IMAGE'] ?? (etcd === undefined ? officialImage : undefined);
  if (named !== undefined && (await canHave(named, environment))) {
    return named;
  }
  return makeImage(etcd, environment);
}

async function canHave(
  image: string,
  environment: Readonly<Record<string, string>>,
): Promise<boolean> {
  const inspected = await run('docker', ['image', 'inspect', image], { environment });
  const limits = { environment, timeoutMilliseconds: 120_000 };
  return (
    inspected.code === 0 || (await run('docker', ['pull', '--quiet', image], limits)).code === 0
  );
}

async function makeImage(
  etcd: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  const binaries = await etcdBinaries(etcd);
  const image = `etcd-tls-audit/etcd:${binaries.version}`;
  const root = await mkdtemp(join(tmpdir(), 'etcd-image-'));
  try {
    const programs = [binaries.etcd, binaries.etcdctl];
    await install(programs, join(root, 'usr', 'local', 'bin'));
    await installLibraries(programs, root);
    const change = ['--change', 'ENV PATH=/usr/local/bin', '--change', 'CMD ["etcd"]'];
    const pipe = 'tar -C "$0" -c . | docker import "$@"';
    const made = await run('/bin/sh', ['-c', pipe, root, ...change, '-', image], { environment });
    if (made.code !== 0) {
      throw new Error(`docker import failed: ${made.stderr.trim()}`);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  return image;
}

async function install(files: readonly string[], directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const file of files) {
    await copyFile(file, join(directory, file.slice(file.lastIndexOf('/') + 1)));
  }
}

/** `ldd` says nothing of the kind for programs without libraries. */
async function installLibraries(programs: readonly string[], root: string): Promise<void> {
  const { stdout } = await run('ldd', programs);
  const libraries = new Set([...stdout.matchAll(/(?<=\s)\/\S+(?= \(0x)/g)].map(([path]) => path));
  for (const library of libraries) {
    await install([library], join(root, dirname(library)));
  }
}
