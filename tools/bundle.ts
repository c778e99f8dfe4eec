import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * Packs the command line into few files: reading hundreds of small modules would take longer than the
 * audit itself. What is heavy and seldom needed stays outside and is loaded when it is called for.
 */
const outside = ['@grpc/grpc-js', '@peculiar/x509', 'reflect-metadata', 'etcd3', 'cockatiel'];

const directory = 'dist/cli';

await rm(directory, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: ['src/cli/main.ts'],
  outdir: directory,
  bundle: true,
  splitting: true,
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  external: outside,
  // The same package as one ECMAScript module tree; its CommonJS form loses its names when bundled.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  // CommonJS packages inside the bundle ask for Node's own modules by `require`.
  banner: {
    js: "import{createRequire as createRequireForBundle}from'node:module';const require=createRequireForBundle(import.meta.url);",
  },
});
await writeFile(
  join('dist', 'THIRD-PARTY-NOTICES.txt'),
  await notices(Object.keys(metafile.inputs)),
);

/** The licences of the packages whose code is in the bundle, as they ask for. */
async function notices(inputs: readonly string[]): Promise<string> {
  const packages = new Set(
    inputs.flatMap((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []),
  );
  const texts = [...packages].toSorted().map(async (name) => {
    const manifest = await readFile(join('node_modules', name, 'package.json'), 'utf8');
    const version = /"version": *"([^"]+)"/.exec(manifest)?.[1] ?? '';
    return `${name} ${version}\n\n${(await licence(name)).trim()}\n`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n\n`);
}

async function licence(name: string): Promise<string> {
  for (const file of ['LICENSE', 'LICENSE.md', 'license', 'LICENSE.txt', 'LICENCE']) {
    try {
      return await readFile(join('node_modules', name, file), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  throw new Error(`no licence in node_modules/${name}: it cannot go into the bundle`);
}
