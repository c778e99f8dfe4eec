import { createRequire } from 'node:module';
import { bundleProgram } from '../program-bundle.ts';
import type { Plugin } from 'rolldown';

/** The whole program with its packages. */
export async function bundleWhole(directory: string): Promise<readonly string[]> {
  const options = { directory, entryName: '[name].js', external: [/^node:/] };
  return (await bundleProgram({ ...options, plugins: [embedDescriptor()] })).modules;
}

const loadsDescriptor = 'loadSync)(`${__dirname}/../proto/rpc.proto`, {';

/** etcd3 reads the description of etcd's services from its own directory: an executable has none. */
function embedDescriptor(): Plugin {
  const found = { count: 0 };
  return {
    name: 'embed-descriptor',
    transform(code, id) {
      if (!id.endsWith('/etcd3/lib/connection-pool.js')) return undefined;
      if (!code.includes(loadsDescriptor)) throw new Error(`${id} no longer loads rpc.proto`);
      found.count += 1;
      return code.replace(loadsDescriptor, `fromJSON)(${describeServices(id)}, {`);
    },
    buildEnd() {
      if (found.count !== 1) throw new Error('the bundle is without etcd3');
    },
  };
}

/** What protobuf.js, by which etcd3 reads it, makes of the file; field names stay as they are, as etcd3 wants them. */
function describeServices(module: string): string {
  const etcd3 = createRequire(module);
  const protobuf: unknown = createRequire(etcd3.resolve('@grpc/proto-loader'))('protobufjs');
  if (!isProtobuf(protobuf)) throw new Error('protobuf.js has no Root');
  const file = etcd3.resolve('../proto/rpc.proto');
  return JSON.stringify(new protobuf.Root().loadSync(file, { keepCase: true }).toJSON());
}

interface Protobuf {
  readonly Root: new () => {
    loadSync(file: string, options: { readonly keepCase: boolean }): { toJSON(): unknown };
  };
}

function isProtobuf(value: unknown): value is Protobuf {
  return typeof value === 'object' && value !== null && 'Root' in value;
}
