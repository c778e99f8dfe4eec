import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Files } from '../../src/cli/packed.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { noticesOf } from '../notices.ts';
import { bundleProgram, bundleScript } from '../program-bundle.ts';
import { sameThrice } from '../same-thrice.ts';
import { compiledName, sourceName } from './asset.ts';
import { embed } from './embed.ts';
import { type Architecture, commandFor, nodeFor } from './node.ts';

/** Builds the program, its packages and Node into one file, and writes the licences of all next to it. */
export async function buildExecutable(architecture: Architecture, file: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-executable-'));
  try {
    const bundle = join(work, 'files');
    const { modules } = await bundleProgram({ directory: bundle, entryName: '[name].js' });
    for (const name of ['start', 'warm']) {
      const script = join('tools', 'executable', `${name}.ts`);
      await bundleScript(script, join(work, `${name}.cjs`));
    }
    const { program } = nodeFor(architecture);
    const node = commandFor(architecture, program);
    await sameThrice(async () => {
      await warmUp(node, work);
      return digestOf(filesIn(bundle));
    });

    const made = embed(program, assetsOf(filesIn(bundle)), work);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(made, `${file}.part`);
    renameSync(`${file}.part`, file);
    writeFileSync(`${file}.NOTICES.txt`, await noticesOf(modules));
  } finally {
    rmSync(work, { recursive: true });
  }
}

function filesIn(directory: string): Files {
  const names = readdirSync(directory).toSorted();
  return new Map(names.map((name) => [name, readFileSync(join(directory, name))]));
}

/** An asset for each file, with what V8 compiled of it. */
function assetsOf(files: Files): ReadonlyMap<string, Files> {
  const sources = [...files].filter(([name]) => name.endsWith('.js'));
  return new Map(
    sources.map(([name, source]) => {
      const compiled = files.get(`${name}.cache`);
      if (compiled === undefined) throw new Error(`nothing of ${name} was compiled`);
      return [
        name,
        new Map([
          [sourceName, source],
          [compiledName, compiled],
        ]),
      ];
    }),
  );
}

function digestOf(files: Files): string {
  const hash = createHash('sha256');
  for (const content of files.values()) hash.update(content);
  return hash.digest('hex');
}

/** Runs the program once on a cert set: what V8 compiled then is what most starts need. */
async function warmUp(node: readonly string[], work: string): Promise<void> {
  // Under other names, the directory's included, V8 would lay out the same code differently.
  const set = join(work, 'set');
  rmSync(set, { recursive: true, force: true });
  await writeCertSet(set, { settings: 'seed' });
  const [command = '', ...before] = node;
  // With a seed of its own each time, or several threads, V8 would lay out the same code differently each time.
  const args = [...before, '--random-seed=1', '--v8-pool-size=1', 'warm.cjs', 'files', 'set'];
  // Of the builder's environment nothing counts: variables for colours decide what runs.
  const { PATH = '' } = process.env;
  execFileSync(command, args, { cwd: work, env: { PATH }, stdio: 'pipe' });
}
