import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { type OutputOptions, type Plugin, type PluginContext, rolldown } from 'rolldown';

/** Both are there at every `check`: what parses the command line, and the audit itself. */
const program = resolve('src/cli/run.ts');
const audit = resolve('src/cli/commands/check.ts');

export interface BundleOptions {
  readonly directory: string;
  /** Of the file with the function `run`. */
  readonly entryName: string;
}

export interface Bundle {
  readonly entry: string;
  /** What the files hold. */
  readonly modules: readonly string[];
}

/**
 * Packs the command line and its packages into few files: reading hundreds of small modules would take longer than the
 * audit itself. What is heavy and seldom needed is in files of its own. They are CommonJS, the only form that a code
 * cache can be kept of.
 */
export async function bundleProgram(options: BundleOptions): Promise<Bundle> {
  const parts = { program: new Set<string>(), audit: new Set<string>() };
  const bundle = await rolldown({
    input: program,
    preserveEntrySignatures: 'allow-extension',
    platform: 'node',
    external: [/^node:/],
    // The same package as one ECMAScript module tree; its CommonJS form loses its names when bundled.
    resolve: { alias: { yaml: resolve('node_modules/yaml/browser/index.js') } },
    transform: { target: 'node20' },
    logLevel: 'warn',
    plugins: [findParts(parts), patched(), inAscii()],
  });
  const output: OutputOptions = {
    dir: options.directory,
    format: 'cjs',
    entryFileNames: options.entryName,
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
  const chunks = (await bundle.write(output)).output.filter((file) => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry)?.fileName;
  if (entry === undefined) throw new Error('the bundle has no entry');
  return { entry, modules: chunks.flatMap(({ moduleIds }) => moduleIds) };
}

/** Packs a script into one file of CommonJS; `define` gives the names that only the bundler knows. */
export async function bundleScript(
  input: string,
  file: string,
  define: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bundle = await rolldown({
    input,
    platform: 'node',
    external: [/^node:/],
    transform: { define },
  });
  await bundle.write({ file, format: 'cjs' });
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

/** Changes a package as it is bundled. */
interface Patch {
  /** How the path of the file ends. */
  readonly file: string;
  /** What stands there, once, and what replaces it. */
  readonly changes: readonly (readonly [found: string, replacement: string | Replacement])[];
}

type Replacement = (path: string) => string;

/** What protobuf.js makes of a type, made when it is first called. */
function onFirstCall(name: string, maker: string, given: readonly string[]) {
  const made = `${maker}(this)({\n        ${given.join(',\n        ')}\n    })`;
  const later = `(...args) => (this.${name} = ${made}).apply(this, args)`;
  return [`this.${name} = ${made};`, `this.${name} = ${later};`] as const;
}

const patches: readonly Patch[] = [
  {
    // Commander starts subcommands that are programs of their own: no command here is, and every start would load it.
    file: '/commander/lib/command.js',
    changes: [
      ["const childProcess = require('node:child_process');", 'const childProcess = undefined;'],
    ],
  },
  {
    // etcd3 reads the description of etcd's services from its own directory, which an executable has not.
    file: '/etcd3/lib/connection-pool.js',
    changes: [
      [
        'loadSync)(`${__dirname}/../proto/rpc.proto`, {',
        (path) => `fromJSON)(${describeServices(path)}, {`,
      ],
    ],
  },
  {
    // For each message it makes a description that others could read, and reads .proto files: nothing here does either.
    file: '/etcd3/node_modules/@grpc/proto-loader/build/src/index.js',
    changes: [
      ['require("protobufjs");', 'require("protobufjs/light");'],
      ['const descriptor = require("protobufjs/ext/descriptor");', ''],
      ['const util_1 = require("./util");', ''],
      ['(0, util_1.addCommonProtos)();', ''],
      ["const messageDescriptor = message.toDescriptor('proto3');", ''],
      ['type: messageDescriptor.$type.toObject(messageDescriptor, descriptorOptions),', ''],
      ["const descriptorList = root.toDescriptor('proto3').file;", ''],
      [
        'descriptorList.map(value => Buffer.from(descriptor.FileDescriptorProto.encode(value).finish()))',
        '[]',
      ],
    ],
  },
  {
    // Of each type it makes five functions out of text where one is called: two are, and none to verify.
    file: '/protobufjs/src/type.js',
    changes: [
      onFirstCall('encode', 'encoder', ['Writer : Writer', 'types  : types', 'util   : util']),
      onFirstCall('decode', 'decoder', ['Reader : Reader', 'types  : types', 'util   : util']),
      onFirstCall('fromObject', 'converter.fromObject', ['types : types', 'util  : util']),
      onFirstCall('toObject', 'converter.toObject', ['types : types', 'util  : util']),
      ['this.verify = verifier(this)({\n        types : types,\n        util  : util\n    });', ''],
    ],
  },
  {
    // Node's regular expression for IPv6 is so long that making it ready takes a millisecond.
    file: '/grpc-js/build/src/subchannel-address.js',
    changes: [['(0, net_1.isIPv6)(address.host)', "address.host.includes(':')"]],
  },
];

function patched(): Plugin {
  const open = new Set(patches);
  return {
    name: 'patched',
    transform(code, id) {
      const patch = patches.find(({ file }) => id.endsWith(file));
      if (patch === undefined) return undefined;
      open.delete(patch);
      return patch.changes.reduce((text, [found, replacement]) => {
        const [before, after, ...more] = text.split(found);
        if (after === undefined || more.length > 0)
          throw new Error(`${id} has no longer once: ${found}`);
        return `${before}${typeof replacement === 'string' ? replacement : replacement(id)}${after}`;
      }, code);
    },
    buildEnd() {
      for (const { file } of open) throw new Error(`the bundle is without ${file}`);
    },
  };
}

/** The one service that the program calls, and its messages: making the others ready takes 8 ms. */
const usedOfEtcd = /^(?:Cluster|Member\w*|ResponseHeader)$/;

/** What protobuf.js, by which etcd3 reads it, makes of the file; field names stay as they are, as etcd3 wants them. */
function describeServices(module: string): string {
  const etcd3 = createRequire(module);
  const protobuf: unknown = createRequire(etcd3.resolve('@grpc/proto-loader'))('protobufjs');
  if (!isProtobuf(protobuf)) throw new Error('protobuf.js has no Root');
  const file = etcd3.resolve('../proto/rpc.proto');
  const services = new protobuf.Root().loadSync(file, { keepCase: true }).lookup('etcdserverpb');
  for (const part of services.nestedArray) {
    if (!usedOfEtcd.test(part.name)) services.remove(part);
  }
  return JSON.stringify({ nested: { etcdserverpb: services.toJSON() } });
}

interface Protobuf {
  readonly Root: new () => {
    loadSync(
      file: string,
      options: { readonly keepCase: boolean },
    ): { lookup(path: string): Package };
  };
}

interface Package {
  readonly nestedArray: readonly { readonly name: string }[];
  remove(part: { readonly name: string }): void;
  toJSON(): unknown;
}

function isProtobuf(value: unknown): value is Protobuf {
  return typeof value === 'object' && value !== null && 'Root' in value;
}

/**
 * Escapes what is not ASCII: of text with one byte a character V8 reads a third more in the same time. Each file is made
 * a function, as the loader wants it.
 */
function inAscii(): Plugin {
  return {
    name: 'in-ascii',
    generateBundle(_, files) {
      for (const file of Object.values(files)) {
        if (file.type === 'chunk') file.code = asFunction(escapeUnits(file.code));
      }
    },
  };
}

/** What Node's own loader does at each start; done here, no start copies the text for it. */
function asFunction(code: string): string {
  return `(function(exports,require,module){${code}\n})`;
}

function escapeUnits(code: string): string {
  // Where escapes are literal they would change what the program says.
  if (/String\.raw`[^`]*[^\0-\x7f]/.test(code)) throw new Error('a raw text that is not ASCII');
  return code.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
