import { access, constants } from 'node:fs/promises';
import { ownToolchain } from './binaries/go-toolchains.ts';
import { etcdBinaries } from './etcd-binaries.ts';
import { run } from './run.ts';
import { canUseDocker } from './runtimes/compose.ts';
import { canUseNetns } from './runtimes/netns.ts';

/** A program, or a group of them, that tests start and npm does not bring. */
export interface Component {
  /** What does not run without it. */
  readonly neededFor: string;
  /** Packages of Debian and Ubuntu that contain it. */
  readonly packages: readonly string[];
  /** What to do where those packages cannot be installed. */
  readonly otherwise: string;
  /** Only `.ci/run` asks for it: the tests that need it are skipped without failing the run. */
  readonly optional?: true;
  isThere(): Promise<boolean>;
}

/** Everything that the tests and `.ci/run` need in addition to Node and npm: the only list of it. */
export const components = {
  etcd: {
    neededFor: 'every test against real etcd',
    // Its own packages are unpacked below .cache, not installed: see etcd-binaries.ts.
    packages: [],
    otherwise: 'set ETCD_TLS_AUDIT_ETCD to a directory that contains etcd and etcdctl',
    isThere: async () =>
      etcdBinaries().then(
        () => true,
        () => false,
      ),
  },
  chromium: {
    neededFor: 'the tests of the HTML report',
    packages: ['chromium'],
    otherwise: 'set CHROMIUM to the path of a Chromium or Chrome',
    isThere: async () => (await chromiumPath()) !== undefined,
  },
  openssl: {
    neededFor: 'the tests of issued certificates',
    packages: ['openssl'],
    otherwise: 'put openssl in the PATH',
    isThere: onPath('openssl'),
  },
  network: {
    neededFor: 'clusters in network namespaces',
    packages: ['iproute2', 'iptables', 'util-linux', 'curl'],
    otherwise:
      'they need Linux with ip, tc, iptables, unshare and curl, and root or user namespaces',
    isThere: async () => (await onPath('curl', 'iptables', 'tc')()) && canUseNetns(),
  },
  accounts: {
    neededFor: 'tests of the users and sandboxes that etcd runs in',
    packages: ['util-linux'],
    otherwise: 'they need Linux with setpriv and unshare, and root',
    optional: true,
    isThere: async () =>
      process.getuid?.() === 0 &&
      (await run('unshare', ['-m', 'setpriv', '--reuid=65534', 'true'])).code === 0,
  },
  go: {
    neededFor: 'the truth tests, whose dialer is written in Go, and etcd 3.6 and later',
    packages: ['golang-go'],
    // Where what is there is too old, Debian's 1.24 is unpacked below .cache: see go-toolchains.ts.
    otherwise: 'put Go 1.21 or later in the PATH',
    isThere: hasGo,
  },
  certificateTools: {
    neededFor: 'cert sets that cfssl, mkcert, step and easy-rsa write themselves',
    // Built from their Go modules, or unpacked, below .cache: see certificate-tools.ts.
    packages: [],
    otherwise: 'put go and apt-get in the PATH and let them reach their sources',
    isThere: async () => (await hasGo()) && onPath('apt-get', 'dpkg')(),
  },
  kubeadm: {
    neededFor: 'cert sets that kubeadm writes itself',
    // Built from Kubernetes' Go modules, with --rootfs for a machine of its own.
    packages: [],
    otherwise: 'put go in the PATH, let it reach the modules of Kubernetes, and be root',
    optional: true,
    isThere: async () => process.getuid?.() === 0 && (await hasGo()),
  },
  sshKeygen: {
    neededFor: 'the test that no secret reaches an output',
    packages: ['openssh-client'],
    otherwise: 'put ssh-keygen in the PATH',
    isThere: onPath('ssh-keygen'),
  },
  git: {
    neededFor: 'the tests of the CI gate',
    packages: ['git', 'bash'],
    otherwise: 'put git and bash in the PATH',
    isThere: onPath('git', 'bash'),
  },
  promtool: {
    neededFor: 'the test of the Prometheus report',
    packages: ['prometheus'],
    otherwise: 'put promtool in the PATH',
    isThere: onPath('promtool'),
  },
  python3: {
    neededFor: 'the test of the CSV list of certificates',
    packages: ['python3'],
    otherwise: 'put python3 in the PATH',
    isThere: onPath('python3'),
  },
  preCommit: {
    neededFor: 'the test of the pre-commit hook',
    packages: ['pre-commit'],
    otherwise: 'put pre-commit in the PATH',
    optional: true,
    isThere: onPath('pre-commit'),
  },
  proxies: {
    neededFor: 'the tests behind TLS-terminating and passing proxies',
    packages: ['haproxy', 'nginx-light'],
    otherwise: 'put haproxy and nginx in the PATH',
    isThere: onPath('haproxy', 'nginx'),
  },
  patroni: {
    neededFor: 'the test of what Patroni makes of its file and its variables',
    packages: ['patroni'],
    otherwise: "install Patroni for the system's own Python",
    optional: true,
    isThere: async () =>
      (await run('/usr/bin/python3', ['-c', 'import patroni.config'])).code === 0,
  },
  arm64: {
    neededFor: 'the tests of the executable for arm64',
    packages: [
      'qemu-user-static',
      'libc6-arm64-cross',
      'libstdc++6-arm64-cross',
      'libgcc-s1-arm64-cross',
    ],
    otherwise: 'put qemu-aarch64-static in the PATH, with the C library in /usr/aarch64-linux-gnu',
    optional: true,
    isThere: async () =>
      (await onPath('qemu-aarch64-static')()) &&
      (await run('test', ['-e', '/usr/aarch64-linux-gnu/lib/libstdc++.so.6'])).code === 0,
  },
  chroot: {
    neededFor: 'the tests of the executable in an empty root file system',
    packages: ['coreutils', 'libc-bin'],
    otherwise: 'they need Linux with chroot and ldd, and root',
    optional: true,
    isThere: async () => process.getuid?.() === 0 && (await onPath('chroot', 'ldd')()),
  },
  packaging: {
    neededFor: 'the tests of the packages for Debian, Red Hat, kubectl and Homebrew',
    packages: ['dpkg', 'rpm', 'mandoc', 'zsh', 'fish', 'systemd', 'ruby'],
    otherwise: 'put dpkg, rpm, mandoc, zsh, fish, systemd-analyze and ruby in the PATH',
    optional: true,
    isThere: onPath('dpkg', 'rpm', 'mandoc', 'zsh', 'fish', 'systemd-analyze', 'ruby'),
  },
  docker: {
    neededFor: 'clusters in containers',
    packages: ['docker.io', 'docker-compose', 'iptables'],
    otherwise: 'start a Docker daemon',
    optional: true,
    isThere: canUseDocker,
  },
} as const satisfies Readonly<Record<string, Component>>;

export type ComponentName = keyof typeof components;

export const componentNames: readonly ComponentName[] =
  Object.keys(components).filter(isComponentName);

function isComponentName(name: string): name is ComponentName {
  return name in components;
}

/** Whether the tests that need it are skipped without failing the run. */
export function isOptional(name: ComponentName): boolean {
  const { optional }: Component = components[name];
  return optional === true;
}

/** The components that are missing on this machine. */
export async function missingComponents(
  names: readonly ComponentName[] = componentNames,
): Promise<readonly ComponentName[]> {
  const there = await Promise.all(names.map((name) => components[name].isThere()));
  return names.filter((_, index) => there[index] === false);
}

/** One line for each missing component: what it is needed for, and how to get it. */
export function describeMissing(name: ComponentName): string {
  const { neededFor, packages, otherwise }: Component = components[name];
  const install =
    packages.length === 0 ? '' : `install ${packages.join(', ')} (Debian, Ubuntu), or `;
  return `missing: ${name}, for ${neededFor}: ${install}${otherwise}`;
}

/** The Chromium that the tests of the HTML report drive. */
export async function chromiumPath(): Promise<string | undefined> {
  const named = process.env['CHROMIUM'];
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  for (const path of named === undefined ? places : [named]) {
    // Ubuntu's chromium-browser may be a script that only says how to install a snap.
    if ((await isExecutable(path)) && (await run(path, ['--version'])).code === 0) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function hasGo(): Promise<boolean> {
  return ownToolchain().then(
    () => true,
    () => false,
  );
}

function onPath(...commands: readonly string[]): () => Promise<boolean> {
  return async () => {
    const found = commands.map((command) => run('/bin/sh', ['-c', `command -v ${command}`]));
    return (await Promise.all(found)).every(({ code }) => code === 0);
  };
}
