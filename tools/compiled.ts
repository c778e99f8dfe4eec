import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../src/cli/exit-code.ts';
import { writeCertSet } from '../testcluster/cert-set.ts';
import { sameThrice } from './same-thrice.ts';

/**
 * Checks a cert set with the program in a directory, and puts what V8 compiled for that next to it: the first start of
 * every user takes it, where Node has the same V8.
 */
export async function compileIn(directory: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-compiled-'));
  try {
    const code = join(work, 'code');
    const compiled = await sameThrice(async () => {
      await rm(code, { recursive: true, force: true });
      await check(join(directory, 'main.js'), work, code);
      return await readFile(join(code, await onlyFileIn(code)), 'latin1');
    });
    await writeFile(join(directory, await onlyFileIn(code)), compiled, 'latin1');
  } finally {
    await rm(work, { recursive: true });
  }
}

/** The set, which has findings, is under the same name each time: under another, V8 would lay out the code differently. */
async function check(program: string, work: string, code: string): Promise<void> {
  const set = join(work, 'set');
  await rm(set, { recursive: true, force: true });
  await writeCertSet(set, { settings: 'seed' });
  const { PATH = '' } = process.env;
  const env = { PATH, ETCD_TLS_AUDIT_CODE_CACHE: code };
  // With a seed of its own each time, or several threads, V8 would lay out the same code differently each time.
  const args = ['--random-seed=1', '--v8-pool-size=1', program, 'check', set];
  await new Promise<void>((resolve, reject) => {
    execFile(process.execPath, args, { env }, (error, _, said) => {
      if (error?.code === exitCodes.fail) resolve();
      else reject(new Error(`the program that was built ends with ${error?.code ?? 0}: ${said}`));
    });
  });
}

async function onlyFileIn(directory: string): Promise<string> {
  const [name, ...others] = await readdir(directory);
  if (name === undefined || others.length > 0) {
    throw new Error(`${directory} has ${others.length + 1} files instead of one`);
  }
  return name;
}
