import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type Files, pack } from '../../src/cli/packed.ts';
import { nodeFor, ownArchitecture } from './node.ts';

/** Where Node looks for what was put into it: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const resource = { name: 'NODE_SEA_BLOB', fuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2' };

/**
 * No debugger opens for a signal: it would show the keys that are read. Besides the main thread, one is enough. No option
 * that Node refuses next to one of the operator's NODE_OPTIONS, as it does --use-openssl-ca next to --use-system-ca.
 */
const execArgv = ['--disable-sigusr1', '--v8-pool-size=1'];

/** Puts start.cjs of the directory `work`, and assets for it to load, into a copy of Node. Returns the path of the copy. */
export function embed(program: string, assets: ReadonlyMap<string, Files>, work: string): string {
  const made = join(work, 'made');
  // Only what was made shows where in it each begins.
  const begins = put(packed(assets), { program, made, work });
  const again = put(packed(assets, begins), { program, made, work });
  if (!isDeepStrictEqual(again, begins)) {
    throw new Error('the files begin elsewhere in an executable that was built again');
  }
  return made;
}

type Begins = ReadonlyMap<string, number>;

function packed(assets: ReadonlyMap<string, Files>, begins: Begins = new Map()) {
  return new Map([...assets].map(([name, files]) => [name, pack(name, files, begins.get(name))]));
}

interface Target {
  readonly program: string;
  readonly made: string;
  readonly work: string;
}

/** Returns where each asset begins. */
function put(assets: ReadonlyMap<string, Buffer>, { program, made, work }: Target): Begins {
  for (const [name, content] of assets) writeFileSync(join(work, name), content);
  // The path of the script becomes part of the file: a relative one is the same everywhere.
  const configuration = {
    main: 'start.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    execArgv,
    assets: Object.fromEntries([...assets.keys()].map((name) => [name, name])),
  };
  writeFileSync(join(work, 'sea.json'), JSON.stringify(configuration));
  const own = nodeFor(ownArchitecture()).program;
  execFileSync(own, ['--experimental-sea-config', 'sea.json'], { cwd: work, stdio: 'pipe' });
  copyFileSync(program, made);
  chmodSync(made, 0o755);
  inject(made, join(work, 'blob'));
  const whole = readFileSync(made);
  return new Map([...assets].map(([name, content]) => [name, beginOf(content, whole)]));
}

function beginOf(content: Buffer, whole: Buffer): number {
  const begin = whole.indexOf(content);
  if (begin === -1) throw new Error('the executable that was made is without its files');
  return begin;
}

function inject(program: string, blob: string): void {
  const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
  const parameters = [program, resource.name, blob, '--sentinel-fuse', resource.fuse];
  execFileSync(process.execPath, [postject, ...parameters], { stdio: 'pipe' });
}
