#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loaderOf, loadRun } from './bundle-loader.ts';
import { openCodeCache } from './code-cache.ts';
import { endWith } from './end.ts';
import { setFlags } from './v8-flags.ts';

/** Set by the bundler: the file of the bundle with the function `run`, whose name identifies its contents. */
declare const ENTRY: string;

const args = process.argv.slice(2);
const whileCompiling = setFlags(args[0]);
const program = import.meta.dirname;
const cache = openCodeCache({ entry: ENTRY, command: args[0], program });
const load = loaderOf(
  {
    source: (file) => readFileSync(join(program, file), 'latin1'),
    ...cache,
    whileCompiling,
  },
  createRequire(import.meta.filename),
);
void main();

async function main(): Promise<void> {
  const code = await loadRun(load, ENTRY)(args, cache.complaint);
  whileCompiling(() => cache.keep(code));
  endWith(code);
}
