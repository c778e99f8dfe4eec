import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCertSet } from '../testcluster/cert-set.ts';
import { exitCodes } from '../src/cli/exit-code.ts';

/**
 * Checks a cert set with the program in a directory, and puts what V8 compiled for that next to it: the first start of
 * every user takes it, where Node has the same V8.
 */
export async function compileIn(directory: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-compiled-'));
  try {
    const set = join(work, 'set');
    await writeCertSet(set, { settings: 'seed' });
    const code = join(work, 'code');
    await check([join(directory, 'main.js'), 'check', set], code);
    const [kept, ...others] = await readdir(code);
    if (kept === undefined || others.length > 0)
      throw new Error(`kept: ${kept} ${others.join(' ')}`);
    await copyFile(join(code, kept), join(directory, kept));
    await chmod(join(directory, kept), 0o644);
  } finally {
    await rm(work, { recursive: true });
  }
}

/** The set has findings: the audit has then run to its end. */
function check(args: readonly string[], code: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const { PATH = '' } = process.env;
    const env = { PATH, ETCD_TLS_AUDIT_CODE_CACHE: code };
    execFile(process.execPath, args, { env }, (error, _, said) => {
      if (error?.code === exitCodes.fail) resolve();
      else reject(new Error(`the program that was built ends with ${error?.code ?? 0}: ${said}`));
    });
  });
}
