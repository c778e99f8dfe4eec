import { getRawAsset } from 'node:sea';
import { loaderOf, loadRun } from '../../src/cli/bundle-loader.ts';
import { endWith } from '../../src/cli/end.ts';
import { setFlags } from '../../src/cli/v8-flags.ts';

setFlags();
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
  endWith(await loadRun(load, 'run.js')(process.argv.slice(2)));
}

function asset(name: string): Buffer {
  const content = getRawAsset(name);
  if (typeof content === 'string') throw new TypeError(`${name} is text`);
  return Buffer.from(content);
}
