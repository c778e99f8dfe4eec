import { getRawAsset } from 'node:sea';
import { loaderOf } from './loader.ts';
import { isRun } from './program.ts';

/** The first thing that runs in the executable: `require` there knows only what is built into Node. */
const load = loaderOf(
  {
    source: (file) => asset(file).toString('latin1'),
    compiled: (file) => asset(`${file}.cache`),
  },
  require,
);
void main();

async function main(): Promise<void> {
  const { run } = load('run.js');
  if (!isRun(run)) throw new Error('the bundle has no function run');
  process.exitCode = await run(process.argv.slice(2));
}

function asset(name: string): Buffer {
  const content = getRawAsset(name);
  if (typeof content === 'string') throw new TypeError(`${name} is text`);
  return Buffer.from(content);
}
