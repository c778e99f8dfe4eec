#!/usr/bin/env node
import { keepCompiledCode } from './code-cache.ts';

keepCompiledCode();
// What is imported before this point is compiled again at every start.
const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
