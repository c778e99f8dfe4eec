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
import { defined } from '../../src/model/defined.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { noticesOf } from '../notices.ts';
import { bundleProgram, bundleScript } from '../program-bundle.ts';
import { sameThrice } from '../same-thrice.ts';
import { compiledName, commandWithOwnCode, sourceName } from './asset.ts';
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
    const compiled = await compile({ node, work });
    // Where a command looks at a cluster, what judges that is compiled as well.
    copyFileSync(join('tools', 'executable', 'evidence.json'), join(work, 'evidence.json'));
    const own = await compile({ node, work, evidence: 'evidence.json' });
    const assets = assetsOf(filesIn(bundle), compiled).set(
      commandWithOwnCode,
      otherIn(own, compiled),
    );
    const made = embed(program, assets, work);
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
function assetsOf(sources: Files, compiled: Files): Map<string, Files> {
  return new Map(
    [...sources].map(([name, source]) => {
      const code = compiled.get(name);
      if (code === undefined) throw new Error(`nothing of ${name} was compiled`);
      return [
        name,
        new Map([
          [sourceName, source],
          [compiledName, code],
        ]),
      ];
    }),
  );
}

/** That of which other functions were compiled: else V8 lays out the same code in as many bytes. */
function otherIn(own: Files, compiled: Files): Files {
  return new Map([...own].filter(([name, { length }]) => compiled.get(name)?.length !== length));
}

function digestOf(files: Files): string {
  const hash = createHash('sha256');
  for (const content of files.values()) hash.update(content);
  return hash.digest('hex');
}

interface WarmUp {
  readonly node: readonly string[];
  readonly work: string;
  /** Of a running cluster; `npm run record-evidence` writes it. */
  readonly evidence?: string;
}

/** Runs the program on a cert set, and on evidence where there is any: what V8 compiled then is what most starts need. */
async function compile({ node, work, evidence }: WarmUp): Promise<Files> {
  const target = join(work, 'compiled');
  await sameThrice(async () => {
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target);
    await warmUp({ node, work, ...defined({ evidence }) });
    return digestOf(filesIn(target));
  });
  return filesIn(target);
}

async function warmUp({ node, work, evidence }: WarmUp): Promise<void> {
  // Under other names, the directory's included, V8 would lay out the same code differently.
  const set = join(work, 'set');
  rmSync(set, { recursive: true, force: true });
  await writeCertSet(set, { settings: 'seed' });
  const [command = '', ...before] = node;
  // With a seed of its own each time, with several threads, or where a collection of all objects comes between, V8 would
  // lay out the same code differently each time.
  const flags = ['--random-seed=1', '--v8-pool-size=1', '--initial-old-space-size=512'];
  const inputs = ['files', 'compiled', 'set', ...(evidence === undefined ? [] : [evidence])];
  const args = [...before, ...flags, 'warm.cjs', ...inputs];
  // Of the builder's environment nothing counts: variables for colours decide what runs.
  const { PATH = '' } = process.env;
  execFileSync(command, args, { cwd: work, env: { PATH }, stdio: 'pipe' });
}
