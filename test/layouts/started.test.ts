import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { MemberSettings, TlsSettings } from '../../src/model/settings.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { issueAuthority } from '../support/pki.ts';
import { kubernetesLayouts } from './kubernetes.ts';
import { configurationLayouts } from './configurations.ts';
import { configFile } from './forms.ts';
import { type Files, filesOf, type Host, type LayoutPlan, on } from './plan.ts';
import { serviceLayouts } from './services.ts';
import { kubeadmIn } from './tools.ts';

/** One machine of a layout, after its files were judged. */
interface Machine {
  readonly files: Files;
  readonly host: Host;
  readonly hosts: readonly Host[];
  /** Where its file system is. */
  readonly root: string;
}

/** The command that the tool's own starter comes to, with `etcd` for the program; paths are those on the machine. */
const starts: Readonly<Record<string, (machine: Machine) => string | Promise<string>>> = {
  'kubeadm, external etcd': (machine) =>
    inPod(textOf(machine, '/etc/kubernetes/manifests/etcd.yaml')),
  kubespray: () => sourcing('/etc/etcd.env'),
  k3s: () => 'exec etcd --config-file=/var/lib/rancher/k3s/server/db/etcd/config',
  RKE2: () => 'exec etcd --config-file=/var/lib/rancher/rke2/server/db/etcd/config',
  k0s: (machine) => flagsIn(textOf(machine, '/ps.txt')),
  etcdadm: () => sourcing('/etc/etcd/etcd.env'),
  'OpenShift 4': (machine) =>
    inPod(textOf(machine, `/manifests/${machine.host.name}/etcd-pod.yaml`)),
  'Red Hat package': () => sourcing('/etc/etcd/etcd.conf'),
  'Alpine package (OpenRC)': () => sourcing('/etc/conf.d/etcd'),
  'Ansible role githubixx.etcd': (machine) =>
    flagsIn(textOf(machine, '/etc/systemd/system/etcd.service')),
  'etcd.conf.yml with a unit': () => 'exec etcd --config-file=/etc/etcd/etcd.conf.yml',
  supervisord: (machine) => flagsIn(textOf(machine, '/etc/supervisor/conf.d/etcd.conf')),
  'Podman quadlet': (machine) => flagsIn(textOf(machine, '/etc/containers/systemd/etcd.container')),
  'Patroni with Debian’s etcd': () => sourcing('/etc/default/etcd'),
  'kubeadm configuration, external etcd': byKubeadm,
  'kubeadm configuration v1beta3, external etcd': byKubeadm,
  'k3s configuration': (machine) => byRancher(machine, 'k3s'),
  'RKE2 configuration': (machine) => byRancher(machine, 'rke2'),
  'Talos machine configuration': byTalos,
  'MicroK8s (etcd)': () => byMicrok8s,
};

const layouts = [...kubernetesLayouts, ...configurationLayouts, ...serviceLayouts].flatMap(
  ({ tool, plan }) => {
    const start = starts[tool];
    const isWithout = start === byKubeadm && isMissing('kubeadm');
    return start === undefined || isWithout ? [] : [{ tool, plan, start }];
  },
);

/** The pod that kubeadm makes of the configuration; it knows the release of etcd by that of Kubernetes. */
async function byKubeadm({ files, host, root }: Machine): Promise<string> {
  const text = files[on(host, '/root/kubeadmcfg.yaml')] ?? '';
  const release = text.replace('kind: ClusterConfiguration\n', '$&kubernetesVersion: v1.33.4\n');
  const kubeadm = await kubeadmIn(root, release);
  await kubeadm('etcd', 'local');
  return inPod(await readFile(join(root, 'etc/kubernetes/manifests/etcd.yaml'), 'utf8'));
}

/** The file that k3s writes, with the arguments of its configuration (k3s-io/k3s pkg/daemons/executor/executor.go ToConfigFile). */
async function byRancher({ files, host, hosts, root }: Machine, tool: 'k3s' | 'rke2') {
  const layout = kubernetesLayouts.find((each) => each.tool.toLowerCase() === tool);
  const member = layout?.plan.members.find((each) => each.host.name === host.name);
  const text = files[on(host, `/etc/rancher/${tool}/config.yaml`)] ?? '';
  const written = text.matchAll(/^ {2}- "([^"=]+)=([^"]*)"$/gm);
  const added = [...written].map(([, name = '', value = '']): [string, string] => [name, value]);
  const cluster = hosts.map(({ name, address }) => `${name}=https://${address}:2380`);
  const flags: Readonly<Record<string, string>> = {
    ...member?.flags,
    name: host.name,
    'initial-advertise-peer-urls': `https://${host.address}:2380`,
    'initial-cluster': cluster.join(','),
    ...Object.fromEntries<string>(added),
  };
  const path = `/var/lib/rancher/${tool}/server/db/etcd/config`;
  const alone = { ...host, directory: root };
  for (const [file, content] of Object.entries(configFile(path)([{ host: alone, flags }]))) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return `exec etcd --config-file=${path}`;
}

/** What Talos runs (siderolabs/talos internal/app/machined/pkg/system/services/etcd.go argsForControlPlane). */
function byTalos({ host: { name, address }, hosts }: Machine): string {
  const secrets = '/system/secrets/etcd';
  const cluster = hosts.map((each) => `${each.name}=https://${each.address}:2380`).join(',');
  return `exec etcd --name=${name} --auto-tls=false --peer-auto-tls=false --data-dir=/var/lib/etcd \
    --listen-peer-urls=https://0.0.0.0:2380 --listen-client-urls=https://0.0.0.0:2379 --client-cert-auth=true \
    --cert-file=${secrets}/server.crt --key-file=${secrets}/server.key --trusted-ca-file=${secrets}/ca.crt \
    --peer-client-cert-auth=true --peer-cert-file=${secrets}/peer.crt --peer-key-file=${secrets}/peer.key \
    --peer-trusted-ca-file=${secrets}/ca.crt --experimental-initial-corrupt-check=true \
    --initial-advertise-peer-urls=https://${address}:2380 --advertise-client-urls=https://${address}:2379 \
    --initial-cluster=${cluster} --initial-cluster-state=new --election-timeout=5000`;
}

/** https://github.com/canonical/microk8s/blob/1.18/microk8s-resources/wrappers/run-etcd-with-args */
const byMicrok8s = `export SNAP_DATA=/var/snap/microk8s/current SNAP_COMMON=/var/snap/microk8s/common
  exec bash -c 'declare -a args="($(cat $SNAP_DATA/args/etcd))"; mkdir -p $SNAP_COMMON/var/run; exec etcd "\${args[@]}"'`;

/** Later releases print what they read as JSON. */
const etcd = isMissing('etcd') ? undefined : await etcdBinaries();
const cannotStart =
  etcd?.version.startsWith('3.4.') !== true || isMissing('accounts') || isMissing('network');

test.skipIf(isMissing('kubeadm'))('every layout that is started is understood', () => {
  expect(layouts.map(({ tool }) => tool).toSorted()).toEqual(Object.keys(starts).toSorted());
});

test.skipIf(cannotStart).each(layouts)(
  'etcd started with the files of $tool reads them as predicted',
  async ({ plan, start }) => {
    const files = await filesOf(plan);
    const { output, settings, says } = await started(plan, files, start);

    expect(says).toEqual([]);
    for (const line of linesOf(settings)) expect(output).toContain(line);
  },
);

test.skipIf(cannotStart).each(layouts)(
  'etcd started with the files of $tool and a wrong key says what is predicted',
  async ({ plan, start }) => {
    const files = await filesOf(plan);
    const [host] = plan.hosts;
    const leaf = plan.leaves.find(
      (each) =>
        each.host?.name === host?.name &&
        (['peer', 'both'].includes(each.role) || plan.leaves.length === 1),
    );
    const other = await issueAuthority({ commonName: 'another' });
    const wrong = { ...files, [leaf?.key ?? '']: other.privateKeyPem };
    const { output, says } = await started(plan, wrong, start, { toItsEnd: true });

    expect(says).toEqual(['tls: private key does not match public key']);
    expect(output).toContain(says[0]);
  },
);

async function started(
  plan: LayoutPlan,
  files: Files,
  start: (machine: Machine) => string | Promise<string>,
  { toItsEnd = false } = {},
) {
  const [host] = plan.hosts;
  if (host === undefined) throw new Error('a layout without machines');
  await using set = await directoryWith(
    Object.fromEntries(Object.entries(files).filter(([, text]) => text !== '')),
  );
  const report = await audit({ paths: [set.path], maps: [], etcdVersion: etcd?.version ?? '' });
  const [member] = report.facts.members ?? [];
  if (member === undefined) throw new Error('no member was found');
  const ports = toItsEnd ? Number.POSITIVE_INFINITY : member.settings.listenPeerUrls.value.length;
  const root = set.at(host.directory);
  const command = await start({ files, host, hosts: plan.hosts, root });
  const output = await run(command, root, host.address, ports);
  const says = report.forecast
    .filter(({ refusedBy, member: of }) => refusedBy === 'start' && of === member.name)
    .flatMap(({ serverError }) => serverError ?? []);
  return { output, settings: member.settings, says: [...new Set(says)] };
}

/**
 * Runs the command where the file system is the machine's, with programs of this one, until etcd waits for its
 * peers at so many ports or ends.
 */
async function run(command: string, root: string, address: string, ports: number): Promise<string> {
  const script = `
ip link set lo up
ip address add ${address}/32 dev lo
cd "${root}"
for top in bin lib lib64 usr; do
  [ -e /$top ] || continue
  mkdir -p $top
  mount --bind -o ro /$top $top
done
mkdir -p program var/lib/etcd etc
[ -e etc/hosts ] || echo 127.0.0.1 localhost > "${root}/etc/hosts"
cp "${etcd?.etcd}" program/etcd
exec chroot "${root}" /usr/bin/env PATH=/program:/usr/bin:/bin sh -ec '${command.replaceAll("'", `'\\''`)}'
`;
  return await new Promise((resolve) => {
    const child = execFile(
      'unshare',
      ['-n', '-m', '--propagation', 'private', 'sh', '-ec', script],
      { timeout: 30_000, cwd: '/', env: { PATH: process.env['PATH'] ?? '' } },
      (_error, stdout, stderr) => resolve(stdout + stderr),
    );
    let all = '';
    child.stderr?.on('data', (text: string) => {
      all += text;
      if (all.split(/listening for peers on .*\n/).length > ports) child.kill();
    });
  });
}

/** What etcd prints of its settings, each at the end of a line. */
function linesOf(settings: MemberSettings): readonly string[] {
  const { peer, client } = settings;
  return [
    // Without TLS among peers etcd prints none of its settings, and serves clients before it prints theirs.
    peer.certFile === undefined ? `ClientTLS: ${tlsInfo(client)}\n` : `peerTLS: ${tlsInfo(peer)}\n`,
    ...(settings.name === undefined ? [] : [`name = ${settings.name.value}\n`]),
    `advertise client URLs = ${settings.advertiseClientUrls.value.join(',')}\n`,
    ...settings.listenPeerUrls.value.map(
      (url) =>
        `listening for peers on ${url
          .replace(/^https?:\/\//, '')
          .replace('0.0.0.0', '[::]')
          .replace('localhost', '127.0.0.1')}\n`,
    ),
  ];
}

function tlsInfo({ certFile, keyFile, trustedCaFile, clientCertAuth }: TlsSettings): string {
  const asked = String(clientCertAuth?.value ?? false);
  return (
    `cert = ${certFile?.value ?? ''}, key = ${keyFile?.value ?? ''}, ` +
    `trusted-ca = ${trustedCaFile?.value ?? ''}, client-cert-auth = ${asked}, crl-file = `
  );
}

function textOf({ files, host }: Machine, path: string): string {
  const text = files[on(host, path)];
  if (text === undefined) throw new Error(`the layout has no ${path}`);
  return text;
}

/** As systemd's EnvironmentFile= and OpenRC's conf.d give variables. */
function sourcing(path: string): string {
  return `set -a; . ${path}; exec etcd`;
}

/** What follows the program on the command line that a file writes, in one line or several. */
function flagsIn(text: string): string {
  const joined = text.replaceAll('\\\n', ' ');
  const flags = /etcd((?: +--\S+)+)/.exec(joined)?.[1];
  if (flags === undefined) throw new Error('no command line of etcd');
  return `exec etcd ${flags}`;
}

function inPod(text: string): string {
  const words = [...text.matchAll(/^ {4}- (etcd|--.*)$/gm)].map(([, word = '']) => word);
  return `exec ${words.join(' ')}`;
}
