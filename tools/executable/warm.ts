import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Script } from 'node:vm';
import { loaderOf, loadRun } from '../../src/cli/bundle-loader.ts';
import { setFlags } from '../../src/cli/v8-flags.ts';

/** warm.js BUNDLE SET: checks the cert set and keeps the compiled code next to each file of the bundle. */
const [, , directory = '', set = ''] = process.argv;

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
  await loadRun(load, 'run.js')(['check', set]);
  // Other commands cannot be run here: all functions of what they load are compiled instead.
  setFlagsFromString('--no-lazy');
  for (const file of readdirSync(directory)) {
    if (file.endsWith('.js')) load(file);
  }
  // V8 takes only what was compiled under the same flags.
  setFlagsFromString('--flush-bytecode');
  setFlagsFromString('--lazy');
  setFlags();
  for (const [file, script] of scripts) {
    writeFileSync(join(directory, `${file}.cache`), script.createCachedData());
  }
}
