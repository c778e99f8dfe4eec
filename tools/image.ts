import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { version } from '../src/version.ts';
import { buildExecutable } from './executable/build.ts';
import { ownArchitecture } from './executable/node.ts';

/** What `Dockerfile` copies: the executable. */
const context = join('.cache', 'image');
const program = join(context, 'etcd-tls-audit');
const image = `etcd-tls-audit:${version}`;

/** Builds the executable and the image; with `BASE=local` on an image made of the libraries it is linked to. */
async function main(): Promise<void> {
  rmSync(context, { recursive: true, force: true });
  await buildExecutable(ownArchitecture(), program);
  if (spawnSync('docker', ['info'], { stdio: 'ignore' }).status !== 0) {
    process.stderr.write(`NO IMAGE WAS BUILT: no Docker engine answers; ${context} is ready\n`);
    process.exitCode = 1;
    return;
  }
  const { BASE } = process.env;
  const base = BASE === 'local' ? localBase() : BASE;
  const argument = base === undefined ? [] : ['--build-arg', `BASE=${base}`];
  say('docker', ['build', '--tag', image, ...argument, '.']);
  say('docker', ['run', '--rm', '--network', 'none', '--read-only', image, '--version']);
}

/** For machines that can pull nothing. */
function localBase(): string {
  const root = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-base-'));
  try {
    const linked = execFileSync('ldd', [program], { encoding: 'utf8' });
    const libraries = [...linked.matchAll(/(?<=\s)\/\S+(?= \(0x)/g)].map(([path]) => path);
    for (const path of libraries) place(path, join(root, path));
    mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
    const pipe = 'tar -C "$0" -c . | docker import - "$1"';
    say('/bin/sh', ['-c', pipe, root, 'etcd-tls-audit/base:local']);
  } finally {
    rmSync(root, { recursive: true });
  }
  return 'etcd-tls-audit/base:local';
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function say(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}

await main();
