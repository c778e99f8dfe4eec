import { getRawAsset } from 'node:sea';
import { loaderOf, loadRun } from '../../src/cli/bundle-loader.ts';
import { endWith } from '../../src/cli/end.ts';
import { unpack } from '../../src/cli/packed.ts';
import { setFlags } from '../../src/cli/v8-flags.ts';
import { asset } from './asset.ts';

const args = process.argv.slice(2);
setFlags(args[0]);
const files = unpack(embedded(), asset);
/** The first thing that runs in the executable: `require` there knows only what is built into Node. */
const load = loaderOf(
  {
    source: (file) => contentOf(file).toString('latin1'),
    compiled: (file) => contentOf(`${file}.cache`),
  },
  require,
);
void main();

async function main(): Promise<void> {
  endWith(await loadRun(load, 'run.js')(args));
}

function embedded(): Buffer {
  const content = getRawAsset(asset);
  if (typeof content === 'string') throw new TypeError(`${asset} is text`);
  return Buffer.from(content);
}

function contentOf(file: string): Buffer {
  const content = files.get(file);
  if (content === undefined) throw new Error(`the executable is without ${file}`);
  return content;
}
