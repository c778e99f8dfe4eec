import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Script } from 'node:vm';
import { loaderOf, loadRun } from '../../src/cli/bundle-loader.ts';
import { exitCodes } from '../../src/cli/exit-code.ts';
import { setFlags } from '../../src/cli/v8-flags.ts';

/**
 * warm.js BUNDLE TARGET SET [EVIDENCE]: checks the cert set, judges evidence of a running cluster where it is given, and
 * keeps the compiled code of each file of the bundle in the directory TARGET.
 */
const [, , directory = '', target = '', set = '', evidence] = process.argv;

const whileCompiling = setFlags();
// Whatever was not used for a while is dropped otherwise, and how long that is depends on the load.
setFlagsFromString('--no-flush-bytecode');
// Where new objects are moved often, V8 lays out the same code differently each time.
setFlagsFromString('--semi-space-growth-factor=2');
const scripts = new Map<string, Script>();
const load = loaderOf(
  {
    source: (file) => readFileSync(join(directory, file), 'latin1'),
    compiled: () => undefined,
    whileCompiling,
    onScript: (file, script) => scripts.set(file, script),
  },
  require,
);
void main();

async function main(): Promise<void> {
  await check(exitCodes.fail, set);
  if (evidence !== undefined) await check(exitCodes.pass, '--evidence', evidence);
  // What looks at a cluster cannot be run here: all functions of what it loads are compiled instead.
  setFlagsFromString('--no-lazy');
  for (const file of readdirSync(directory)) {
    if (file.endsWith('.js')) load(file);
  }
  // V8 takes only what was compiled under the same flags.
  setFlagsFromString('--initial-old-space-size=0');
  setFlagsFromString('--flush-bytecode');
  setFlagsFromString('--lazy');
  setFlags();
  for (const [file, script] of scripts) {
    writeFileSync(join(target, file), script.createCachedData());
  }
}

async function check(expected: number, ...args: readonly string[]): Promise<void> {
  const code = await loadRun(load, 'run.js')(['check', ...args]);
  if (code !== expected) throw new Error(`check ${args.join(' ')} ends with ${code}`);
}
