import { getRawAsset } from 'node:sea';
import { loaderOf, loadRun } from '../../src/cli/bundle-loader.ts';
import { endWith } from '../../src/cli/end.ts';
import { type Files, unpack } from '../../src/cli/packed.ts';
import { setFlags } from '../../src/cli/v8-flags.ts';
import { compiledName, commandWithOwnCode, sourceName } from './asset.ts';

const args = process.argv.slice(2);
const whileCompiling = setFlags(args[0]);
const own =
  args[0] === commandWithOwnCode ? filesIn(commandWithOwnCode) : new Map<string, Buffer>();
/** The first thing that runs in the executable: `require` there knows only what is built into Node. */
const load = loaderOf(
  {
    source: (file) => contentOf(file, sourceName).toString('latin1'),
    compiled: (file) => own.get(file) ?? contentOf(file, compiledName),
    whileCompiling,
  },
  require,
);
void main();

async function main(): Promise<void> {
  endWith(await loadRun(load, 'run.js')(args));
}

function contentOf(file: string, name: string): Buffer {
  const content = filesIn(file).get(name);
  if (content === undefined) throw new Error(`the executable is without ${name} of ${file}`);
  return content;
}

function filesIn(asset: string): Files {
  const packed = getRawAsset(asset);
  if (typeof packed === 'string') throw new TypeError(`${asset} is text`);
  return unpack(Buffer.from(packed), asset);
}
