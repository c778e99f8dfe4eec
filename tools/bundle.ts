import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noticesOf } from './notices.ts';
import { bundleProgram } from './program-bundle.ts';

/**
 * Packs the command line into few files: reading hundreds of small modules would take longer than the
 * audit itself. What is heavy and seldom needed stays outside and is loaded when it is called for.
 */
const outside = [
  '@grpc/grpc-js',
  '@peculiar/x509',
  'reflect-metadata',
  'etcd3',
  'cockatiel',
  /^node:/,
];

const dist = process.argv[2] ?? 'dist';
const directory = join(dist, 'cli');

await rm(directory, { recursive: true, force: true });
const packed = await bundleProgram({
  input: 'src/cli/main.ts',
  directory,
  // As CommonJS `check` would start 10 ms sooner, but the libraries of `verify` would load in one go,
  // while connections are open, and be taken for slow members.
  format: 'esm',
  external: outside,
});
await chmod(join(directory, 'main.js'), 0o755);
await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await noticesOf(packed));
