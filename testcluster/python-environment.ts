import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withLock } from './lock.ts';
import { run } from './run.ts';

const cache = resolve(import.meta.dirname, '..', '.cache', 'oracles');

/** The directory of an environment that has one package of Python: installed below .cache if need be. */
export async function pythonEnvironment(name: string, release: string): Promise<string> {
  const directory = join(cache, `${name}-${release}`);
  const python = join(directory, 'bin', 'python');
  await mkdir(cache, { recursive: true });
  await withLock(`${directory}.lock`, async () => {
    const ready = join(directory, 'lib', 'ready');
    if (await isThere(ready)) return;
    await must('python3', ['-m', 'venv', '--clear', directory]);
    await must(python, ['-m', 'pip', '--quiet', 'install', `${name}==${release}`]);
    await mkdir(ready, { recursive: true });
  });
  return directory;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function must(command: string, parameters: readonly string[]): Promise<void> {
  const { code, stderr } = await run(command, parameters);
  if (code !== 0) throw new Error(`${command}: ${stderr.trim().split('\n').at(-1) ?? code}`);
}
