import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildExecutable } from './build.ts';
import { type Architecture, architectures, ownArchitecture } from './node.ts';
import { executableOf } from './output.ts';

const usage = `usage: npm run executable [-- --arch ${architectures.join('|')}]... [--output DIRECTORY]

Builds etcd-tls-audit-linux-ARCH in DIRECTORY (default: release): the program, its packages and Node in one file. Without --arch for
this machine. Another machine's needs qemu-user-static and the C library of that architecture.
`;

const { values } = parseArgs({
  options: {
    arch: { type: 'string', multiple: true },
    output: { type: 'string', default: 'release' },
    help: { type: 'boolean', default: false },
  },
});
const wanted = values.arch?.map(architectureOf) ?? [ownArchitecture()];
if (values.help) process.stdout.write(usage);
else for (const architecture of wanted) await build(architecture);

async function build(architecture: Architecture): Promise<void> {
  const file = join(values.output, executableOf(architecture));
  await buildExecutable(architecture, file);
  process.stdout.write(`${file}\n`);
}

function architectureOf(name: string): Architecture {
  const known = architectures.find((architecture) => architecture === name);
  if (known === undefined) throw new Error(`no architecture ${name}\n${usage}`);
  return known;
}
