/** The directories that the commands of the pages are run in, and the cluster that they connect to. */
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { startCluster } from '../../testcluster/cluster.ts';
import { faultNamed, withFault } from '../../testcluster/faults/index.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { planOf } from '../../testcluster/plan.ts';
import { type Ended, run } from '../../testcluster/run.ts';
import type { Cluster } from '../../testcluster/types.ts';
import { writePlan } from '../../testcluster/write-plan.ts';
import { kubernetesLayouts } from '../layouts/kubernetes.ts';
import { filesOf } from '../layouts/plan.ts';
import { serviceLayouts } from '../layouts/services.ts';
import { logs } from './logs.ts';
import { controlPlane } from '../support/kubeadm.ts';
import { issueAuthority } from '../support/pki.ts';
import { entry } from '../support/program.ts';

export interface Desk extends AsyncDisposable {
  /** Runs the commands of a block as a reader would, in a shell. */
  run(code: string): Promise<Ended>;
}

/** Sets with one mistake each, in a directory of the mistake's name. */
const mistakes = ['missing-name', 'key-mismatch', 'expired-server', 'misspelt-variable'] as const;

export async function openDesk(): Promise<Desk> {
  const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-docs-'));
  const desk = join(root, 'desk');
  await mkdir(desk);
  for (const settings of ['seed', 'fixed'] as const) {
    await writeCertSet(join(desk, settings), { settings });
  }
  for (const mistake of mistakes) await writeMistake(mistake, join(desk, mistake));
  await writeSiblings(desk);
  for (const [name, tool] of layouts) await writeLayout(tool, join(desk, name));
  await writeHost(join(root, 'etc'));
  await writeProgram(join(root, 'bin'));
  const [cluster, open] = await Promise.all(
    (['fixed', 'seed'] as const).map(async (settings) =>
      startCluster({ runtime: 'native', ports: 'free', settings }),
    ),
  );
  if (cluster === undefined || open === undefined) throw new Error('no cluster was started');
  await symlink(cluster.set, join(desk, 'set'));
  await symlink(open.set, join(desk, 'open'));
  await mkdir(join(desk, 'cluster'));
  await symlink(cluster.set, join(desk, 'cluster/set'));
  return {
    run: async (code) =>
      runShell(code, { root, cwd: desk, cluster: /\bopen\b/.test(code) ? open : cluster }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([cluster.stop(), open.stop()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function writeMistake(name: string, directory: string): Promise<void> {
  const fault = faultNamed(name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  const plan = planOf({
    settings: 'fixed',
    runtime: 'docker',
    keys: 'ecdsa',
    nodes: nodesOf('docker'),
  });
  await writePlan(withFault(plan, fault), directory);
}

/** What tools write on the hosts of a cluster, each host in a directory of its own. */
const layouts: readonly (readonly [directory: string, tool: string])[] = [
  ['stacked', 'kubeadm, stacked, three nodes'],
  ['external', 'kubeadm, external etcd'],
  ['kubespray', 'kubespray'],
  ['k3s', 'k3s'],
  ['rke2', 'RKE2'],
  ['patroni', 'Patroni with Debian’s etcd'],
];

async function writeLayout(tool: string, directory: string): Promise<void> {
  const layout = [...kubernetesLayouts, ...serviceLayouts].find((each) => each.tool === tool);
  if (layout === undefined) throw new Error(`there is no layout ${tool}`);
  await writeAll(await filesOf(layout.plan), directory);
}

async function writeAll(files: Readonly<Record<string, string>>, directory: string): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
  }
}

/** Variants of the fixed set, and files that commands on the pages read. */
async function writeSiblings(desk: string): Promise<void> {
  const fixed = join(desk, 'fixed');
  await cp(fixed, join(desk, 'deploy/etcd'), { recursive: true });
  await cp(fixed, join(desk, 'gap'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_1_key_insecure.pem'),
  });
  const page = await readFile('docs/check.md', 'utf8');
  const [, waivers = ''] = /```yaml\n(- check: .*?)```/s.exec(page) ?? [];
  await writeFile(join(desk, 'waivers.yaml'), waivers);
  for (const number of [1, 2, 3]) await writeHostOf(number, desk);
  for (const [name, text] of Object.entries(logs)) await writeFile(join(desk, name), text);
}

/** What one node of the fixed set holds. */
async function writeHostOf(number: number, desk: string): Promise<void> {
  const [from, to] = [join(desk, 'fixed'), join(desk, `hosts/node${number}`)];
  await cp(join(from, `node${number}`), to, { recursive: true });
  await cp(join(from, 'certs'), join(to, 'certs'), {
    recursive: true,
    filter: (path) => !path.includes('/node_') || path.includes(`/node_${number}_`),
  });
}

/** What replaces /etc while the commands run: a control plane of kubeadm whose server certificate lost a name. */
async function writeHost(etc: string): Promise<void> {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const hosts = ['localhost', 'cp1', '10.0.0.1'];
  await writeAll(await controlPlane(ca, '10.0.0.1', 'cp1', hosts), join(etc, 'kubernetes'));
}

/** `etcd-tls-audit` as the package installs it, and a journal that holds the log of this test. */
async function writeProgram(directory: string): Promise<void> {
  const path = join(directory, 'etcd-tls-audit');
  await mkdir(directory);
  await writeFile(path, `#!/bin/sh\nexec '${process.execPath}' '${entry}' "$@"\n`);
  await chmod(path, 0o755);
  const journal = join(directory, 'journalctl');
  await writeFile(journal, '#!/bin/sh\nexec cat etcd.log\n');
  await chmod(journal, 0o755);
}

interface Place {
  readonly root: string;
  readonly cwd: string;
  readonly cluster: Cluster;
}

/** Mounting takes root, if only in a user namespace. */
const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];

/** The pages show etcd's usual ports; the cluster of the test listens on free ones. */
async function runShell(code: string, { root, cwd, cluster }: Place): Promise<Ended> {
  const ports = cluster.members.flatMap(({ node: { address, clientPort, peerPort } }) => [
    [`${address}:2379`, `${address}:${clientPort}`] as const,
    [`${address}:2380`, `${address}:${peerPort}`] as const,
  ]);
  const here = ports.reduce((text, [usual, real]) => text.replaceAll(usual, real), code);
  const shown = (output: string): string =>
    ports.reduce((text, [usual, real]) => text.replaceAll(real, usual), output);
  const { stdout, stderr, ...ended } = await run(
    'unshare',
    [...asRoot, '--mount', 'bash', '-uc', `mount --bind ${root}/etc /etc && ${here}`],
    {
      cwd,
      environment: { PATH: `${join(root, 'bin')}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
    },
  );
  return { ...ended, stdout: shown(stdout), stderr: shown(stderr) };
}
