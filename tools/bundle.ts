import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { rolldown, type Plugin, type PluginContext } from 'rolldown';

/**
 * Packs the command line into few files: reading hundreds of small modules would take longer than the
 * audit itself. What is heavy and seldom needed stays outside and is loaded when it is called for.
 */
const outside = [
  '@grpc/grpc-js',
  '@peculiar/x509',
  'reflect-metadata',
  'etcd3',
  'cockatiel',
  /^node:/,
];

const dist = process.argv[2] ?? 'dist';
const directory = join(dist, 'cli');

/** Both are there at every `check`: what parses the command line, and the audit itself. */
const program = resolve('src/cli/run.ts');
const audit = resolve('src/cli/commands/check.ts');
const parts = { program: new Set<string>(), audit: new Set<string>() };

await rm(directory, { recursive: true, force: true });
const bundle = await rolldown({
  input: resolve('src/cli/main.ts'),
  preserveEntrySignatures: false,
  platform: 'node',
  external: outside,
  // The same package as one ECMAScript module tree; its CommonJS form loses its names when bundled.
  resolve: { alias: { yaml: resolve('node_modules/yaml/browser/index.js') } },
  transform: { target: 'node20' },
  logLevel: 'warn',
  plugins: [findParts(), inAscii()],
});
const { output } = await bundle.write({
  dir: directory,
  // As CommonJS `check` would start 10 ms sooner, but the libraries of `verify` would load in one go,
  // while connections are open, and be taken for slow members.
  format: 'esm',
  // Functions keep their names: they are what a bug report shows.
  minify: { compress: true, mangle: { keepNames: { function: true, class: true } }, codegen: true },
  comments: false,
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      { name: 'program', test: (id) => parts.program.has(id) },
      { name: 'audit', test: (id) => parts.audit.has(id) },
    ],
  },
});
await chmod(join(directory, 'main.js'), 0o755);
const packed = output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), await notices(packed));

/** Everything that the two parts import at once, and what those import. */
function findParts(): Plugin {
  return {
    name: 'find-parts',
    buildEnd() {
      collectImports(this, program, parts.program);
      collectImports(this, audit, parts.audit);
    },
  };
}

function collectImports(context: PluginContext, id: string, found: Set<string>): void {
  if (found.has(id)) return;
  found.add(id);
  for (const next of context.getModuleInfo(id)?.importedIds ?? []) {
    collectImports(context, next, found);
  }
}

/** Escapes what is not ASCII: of text with one byte a character V8 reads a third more in the same time. */
function inAscii(): Plugin {
  return {
    name: 'in-ascii',
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type === 'chunk') file.code = escapeUnits(file.code);
      }
    },
  };
}

function escapeUnits(code: string): string {
  // Where escapes stand for themselves they would change what the program says.
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw text that is not ASCII');
  return code.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The licences of the packages whose code is in the bundle, as they ask for. */
async function notices(inputs: readonly string[]): Promise<string> {
  const packages = new Set(
    inputs.flatMap(
      (input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(relative('.', input))?.[1] ?? [],
    ),
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
