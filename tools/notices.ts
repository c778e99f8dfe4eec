import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** The licences of the packages whose code is in the bundle, as they ask for. */
export async function noticesOf(modules: readonly string[]): Promise<string> {
  const directories = new Set(
    modules.flatMap(
      (module) =>
        /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(relative('.', module))?.[0] ?? [],
    ),
  );
  const texts = [...directories].toSorted().map(async (directory) => {
    const manifest = await readFile(join(directory, 'package.json'), 'utf8');
    const version = /"version": *"([^"]+)"/.exec(manifest)?.[1] ?? '';
    const name = directory.replace(/^.*node_modules\//, '');
    return `${name} ${version}\n\n${(await licence(directory)).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

async function licence(directory: string): Promise<string> {
  for (const file of ['LICENSE', 'LICENSE.md', 'license', 'LICENSE.txt', 'LICENCE', 'LICENCE.md']) {
    try {
      return await readFile(join(directory, file), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new Error(`no licence in ${directory}: it cannot go into the bundle`);
}
