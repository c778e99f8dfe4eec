import { resolve } from 'node:path';
import { type OutputOptions, type Plugin, type PluginContext, rolldown } from 'rolldown';

/** Both are there at every `check`: what parses the command line, and the audit itself. */
const program = resolve('src/cli/run.ts');
const audit = resolve('src/cli/commands/check.ts');

export interface BundleOptions {
  readonly input: string;
  readonly directory: string;
  readonly format: 'esm' | 'cjs';
  /** What stays outside and is loaded when it is called for. */
  readonly external: readonly (string | RegExp)[];
  readonly plugins?: readonly Plugin[];
}

/** Packs the command line into few files; returns the modules that they hold. */
export async function bundleProgram(options: BundleOptions): Promise<readonly string[]> {
  const parts = { program: new Set<string>(), audit: new Set<string>() };
  const bundle = await rolldown({
    input: resolve(options.input),
    preserveEntrySignatures: options.format === 'cjs' ? 'allow-extension' : false,
    platform: 'node',
    external: [...options.external],
    // The same package as one ECMAScript module tree; its CommonJS form loses its names when bundled.
    resolve: { alias: { yaml: resolve('node_modules/yaml/browser/index.js') } },
    transform: { target: 'node20' },
    logLevel: 'warn',
    plugins: [findParts(parts), inAscii(), ...(options.plugins ?? [])],
  });
  const output: OutputOptions = {
    dir: options.directory,
    format: options.format,
    // Functions keep their names: they are what a bug report shows.
    minify: {
      compress: true,
      mangle: { keepNames: { function: true, class: true } },
      codegen: true,
    },
    comments: false,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        { name: 'program', test: (id) => parts.program.has(id) },
        { name: 'audit', test: (id) => parts.audit.has(id) },
      ],
    },
  };
  const written = await bundle.write(output);
  return written.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}

interface Parts {
  readonly program: Set<string>;
  readonly audit: Set<string>;
}

/** Everything that the two parts import at once, and what those import. */
function findParts(parts: Parts): Plugin {
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
