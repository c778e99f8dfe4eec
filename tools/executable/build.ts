import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
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
import { fileURLToPath } from 'node:url';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { noticesOf } from '../notices.ts';
import { bundleScript } from '../program-bundle.ts';
import { sameTwice } from '../same-twice.ts';
import { bundleWhole } from './bundle.ts';
import { type Architecture, commandFor, nodeFor, ownArchitecture } from './node.ts';

/** Where Node looks for what was put into it: https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html */
const resource = { name: 'NODE_SEA_BLOB', fuse: 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2' };

/** Builds the program, its packages and Node into one file, and writes the licences of all next to it. */
export async function buildExecutable(architecture: Architecture, file: string): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'etcd-tls-audit-executable-'));
  try {
    const bundle = join(work, 'bundle');
    const modules = await bundleWhole(bundle);
    for (const name of ['start', 'warm']) {
      const script = join('tools', 'executable', `${name}.ts`);
      await bundleScript(script, join(work, `${name}.cjs`));
    }
    const { program } = nodeFor(architecture);
    const node = commandFor(architecture, program);
    await sameTwice(async () => {
      await warmUp(node, work);
      return digestOf(join(work, 'bundle'));
    });

    const assets = readdirSync(bundle).toSorted();
    // The path of the script becomes part of the file: a relative one is the same everywhere.
    const configuration = {
      main: 'start.cjs',
      output: 'blob',
      disableExperimentalSEAWarning: true,
      assets: Object.fromEntries(assets.map((name) => [name, join('bundle', name)])),
    };
    writeFileSync(join(work, 'sea.json'), JSON.stringify(configuration));
    const own = nodeFor(ownArchitecture()).program;
    execFileSync(own, ['--experimental-sea-config', 'sea.json'], { cwd: work, stdio: 'pipe' });

    const made = join(work, 'made');
    copyFileSync(program, made);
    chmodSync(made, 0o755);
    inject(made, join(work, 'blob'));
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(made, `${file}.part`);
    renameSync(`${file}.part`, file);
    writeFileSync(`${file}.NOTICES.txt`, await noticesOf(modules));
  } finally {
    rmSync(work, { recursive: true });
  }
}

/** Of all files in a directory. */
function digestOf(directory: string): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(directory).toSorted()) {
    hash.update(readFileSync(join(directory, name)));
  }
  return hash.digest('hex');
}

/** Runs the program once on a cert set: what V8 compiled then is what most starts need. */
async function warmUp(node: readonly string[], work: string): Promise<void> {
  // Under a name of its own each time, V8 would lay out the same code differently too.
  const set = join(work, 'set');
  rmSync(set, { recursive: true, force: true });
  await writeCertSet(set, { settings: 'seed' });
  const [command = '', ...before] = node;
  // With a seed of its own each time, V8 would lay out the same code differently each time.
  const args = [...before, '--random-seed=1', join(work, 'warm.cjs'), join(work, 'bundle')];
  execFileSync(command, [...args, set], { stdio: 'pipe' });
}

function inject(program: string, blob: string): void {
  const postject = fileURLToPath(import.meta.resolve('postject/dist/cli.js'));
  const parameters = [program, resource.name, blob, '--sentinel-fuse', resource.fuse];
  execFileSync(process.execPath, [postject, ...parameters], { stdio: 'pipe' });
}
