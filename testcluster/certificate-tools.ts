import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { withLock } from './lock.ts';
import { type GoProgram, goProgram } from './oracles/go-program.ts';
import { run } from './run.ts';

/** What issues or inspects certificates, and what makes packages of Linux. */
const programs = {
  cfssl: cloudflare('cfssl'),
  cfssljson: cloudflare('cfssljson'),
  kubeadm: {
    release: '1.34.4',
    main: 'k8s.io/kubernetes/cmd/kubeadm',
    module: 'k8s.io/kubernetes@v1.34.4',
    staging: 'v0.34.4',
  },
  mkcert: { release: '1.4.4', main: 'filippo.io/mkcert', module: 'filippo.io/mkcert@v1.4.4' },
  step: {
    release: '0.28.7',
    main: 'github.com/smallstep/cli/cmd/step',
    module: 'github.com/smallstep/cli@v0.28.7',
  },
  nfpm: {
    release: '2.43.4',
    main: 'github.com/goreleaser/nfpm/v2/cmd/nfpm',
    module: 'github.com/goreleaser/nfpm/v2@v2.43.4',
  },
} as const satisfies Readonly<Record<string, Omit<GoProgram, 'name'>>>;

function cloudflare(name: string) {
  const module = 'github.com/cloudflare/cfssl';
  return { release: '1.6.5', main: `${module}/cmd/${name}`, module: `${module}@v1.6.5` };
}

export type GoTool = keyof typeof programs;

/** The path of a tool: kept below .cache, built with the Go of this machine if need be. */
export async function goTool(name: GoTool): Promise<string> {
  const { command } = await goProgram({ name, ...programs[name] });
  return command[0];
}

const directory = resolve(import.meta.dirname, '..', '.cache', 'certificate-tools');

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
