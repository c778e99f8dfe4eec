import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ownToolchain } from './binaries/go-toolchains.ts';
import { withLock } from './lock.ts';
import { run } from './run.ts';

/** What issues or inspects certificates, and what makes packages of Linux, by the Go module it is built from. */
const modules = {
  cfssl: {
    module: 'github.com/cloudflare/cfssl@v1.6.5',
    package: 'github.com/cloudflare/cfssl/cmd/cfssl',
  },
  cfssljson: {
    module: 'github.com/cloudflare/cfssl@v1.6.5',
    package: 'github.com/cloudflare/cfssl/cmd/cfssljson',
  },
  mkcert: { module: 'filippo.io/mkcert@v1.4.4', package: 'filippo.io/mkcert' },
  step: {
    module: 'github.com/smallstep/cli@v0.28.7',
    package: 'github.com/smallstep/cli/cmd/step',
  },
  nfpm: {
    module: 'github.com/goreleaser/nfpm/v2@v2.43.4',
    package: 'github.com/goreleaser/nfpm/v2/cmd/nfpm',
  },
} as const;

export type GoTool = keyof typeof modules;

const directory = resolve(import.meta.dirname, '..', '.cache', 'certificate-tools');

/** The path of a tool: kept below .cache, built with the Go of this machine if need be. */
export async function goTool(name: GoTool): Promise<string> {
  const path = join(directory, name);
  await mkdir(directory, { recursive: true });
  return await withLock(join(directory, `${name}.lock`), async () => {
    if ((await run('test', ['-x', path])).code !== 0) await build(name, path);
    return path;
  });
}

async function build(name: GoTool, path: string): Promise<void> {
  const work = await mkdtemp(join(directory, 'build-'));
  try {
    const { program, environment: toolchain } = await ownToolchain();
    const go = async (...parameters: readonly string[]) => {
      const settings = { GOWORK: 'off', GOFLAGS: '-mod=mod', CGO_ENABLED: '0' };
      const environment = { ...toolchain, ...settings };
      const ended = await run(program, parameters, { cwd: work, environment });
      if (ended.code !== 0) {
        throw new Error(
          `${name} could not be built: go ${parameters.join(' ')}: ${ended.stderr.trim()}`,
        );
      }
    };
    await go('mod', 'init', 'certificate-tools');
    await go('get', modules[name].module);
    await go('build', '-trimpath', '-o', 'tool', modules[name].package);
    await rename(join(work, 'tool'), path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** A file of a Debian package, which is unpacked and not installed. */
export async function debianFile(
  name: 'easy-rsa' | 'etcd-server' | 'sslscan' | 'testssl.sh',
  path: string,
): Promise<string> {
  const root = join(directory, name);
  const file = join(root, path);
  await mkdir(root, { recursive: true });
  return await withLock(join(directory, `${name}.lock`), async () => {
    if ((await run('test', ['-e', file])).code === 0) return file;
    const script = `apt-get --quiet download ${name} && dpkg -x ${name}_*.deb .`;
    const ended = await run('sh', ['-c', script], { cwd: root });
    if (ended.code !== 0) throw new Error(`${name} could not be had: ${ended.stderr.trim()}`);
    return file;
  });
}
