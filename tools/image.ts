import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { version } from '../src/version.ts';

/** What `Dockerfile` copies: the packed package, installed as users install it. */
const context = join('.cache', 'image');
const image = `etcd-tls-audit:${version}`;

/** Packs, installs and builds; with `BASE=local` on an image made of the running node. */
function main(): void {
  install();
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

function install(): void {
  rmSync(context, { recursive: true, force: true });
  mkdirSync(context, { recursive: true });
  const room = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-image-'));
  try {
    say('npm', ['pack', '--pack-destination', room]);
    const tarball = join(room, `etcd-tls-audit-${version}.tgz`);
    say('npm', ['install', '-g', '--no-audit', '--no-fund', '--prefix', context, tarball]);
  } finally {
    rmSync(room, { recursive: true });
  }
}

/** For machines that can pull nothing: the running node and the libraries it is linked to. */
function localBase(): string {
  const root = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-base-'));
  try {
    const linked = execFileSync('ldd', [process.execPath], { encoding: 'utf8' });
    const libraries = [...linked.matchAll(/(?<=\s)\/\S+(?= \(0x)/g)].map(([path]) => path);
    for (const path of libraries) place(path, join(root, path));
    place(process.execPath, join(root, 'usr/local/bin/node'));
    mkdirSync(join(root, 'tmp'), { mode: 0o1777 });
    const pipe = 'tar -C "$0" -c . | docker import --change "ENV PATH=/usr/local/bin" - "$1"';
    say('/bin/sh', ['-c', pipe, root, 'etcd-tls-audit/node:local']);
  } finally {
    rmSync(root, { recursive: true });
  }
  return 'etcd-tls-audit/node:local';
}

function place(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
}

function say(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'inherit' });
}

main();
