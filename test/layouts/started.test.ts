import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { MemberSettings, TlsSettings } from '../../src/model/settings.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { issueAuthority } from '../support/pki.ts';
import { kubernetesLayouts } from './kubernetes.ts';
import { type Files, filesOf, type Host, type LayoutPlan } from './plan.ts';
import { serviceLayouts } from './services.ts';

/** The command that the tool's own starter comes to, with `etcd` for the program; paths are those on the host. */
const starts: Readonly<Record<string, (files: Files, host: Host) => string>> = {
  'kubeadm, external etcd': (files, host) =>
    inPod(textOf(files, host, '/etc/kubernetes/manifests/etcd.yaml')),
  kubespray: () => sourcing('/etc/etcd.env'),
  k3s: () => 'exec etcd --config-file=/var/lib/rancher/k3s/server/db/etcd/config',
  RKE2: () => 'exec etcd --config-file=/var/lib/rancher/rke2/server/db/etcd/config',
  k0s: (files, host) => flagsIn(textOf(files, host, '/ps.txt')),
  etcdadm: () => sourcing('/etc/etcd/etcd.env'),
  'Red Hat package': () => sourcing('/etc/etcd/etcd.conf'),
  'Alpine package (OpenRC)': () => sourcing('/etc/conf.d/etcd'),
  'Ansible role githubixx.etcd': (files, host) =>
    flagsIn(textOf(files, host, '/etc/systemd/system/etcd.service')),
  'etcd.conf.yml with a unit': () => 'exec etcd --config-file=/etc/etcd/etcd.conf.yml',
  supervisord: (files, host) => flagsIn(textOf(files, host, '/etc/supervisor/conf.d/etcd.conf')),
  'Podman quadlet': (files, host) =>
    flagsIn(textOf(files, host, '/etc/containers/systemd/etcd.container')),
  'Patroni with Debian’s etcd': () => sourcing('/etc/default/etcd'),
};

const layouts = [...kubernetesLayouts, ...serviceLayouts].flatMap(({ tool, plan }) => {
  const start = starts[tool];
  return start === undefined ? [] : [{ tool, plan, start }];
});

/** Later releases print what they read as JSON. */
const etcd = isMissing('etcd') ? undefined : await etcdBinaries();
const cannotStart =
  etcd?.version.startsWith('3.4.') !== true || isMissing('accounts') || isMissing('network');

test('every layout that is started is among those that are understood', () => {
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
      (each) => each.host?.name === host?.name && ['peer', 'both'].includes(each.role),
    );
    const other = await issueAuthority({ commonName: 'another' });
    const wrong = { ...files, [leaf?.key ?? '']: other.privateKeyPem };
    const { output, says } = await started(plan, wrong, start);

    expect(says).toEqual(['tls: private key does not match public key']);
    expect(output).toContain(says[0]);
  },
);

async function started(
  plan: LayoutPlan,
  files: Files,
  start: (files: Files, host: Host) => string,
) {
  const [host] = plan.hosts;
  if (host === undefined) throw new Error('a layout without machines');
  await using set = await directoryWith(
    Object.fromEntries(Object.entries(files).filter(([, text]) => text !== '')),
  );
  const report = await audit({ paths: [set.path], maps: [], etcdVersion: etcd?.version ?? '' });
  const [member] = report.facts.members ?? [];
  if (member === undefined) throw new Error('no member was found');
  const ports = member.settings.listenPeerUrls.value.length;
  const output = await run(start(files, host), set.at(host.directory), host.address, ports);
  const says = report.forecast
    .filter(({ refusedBy, member: of }) => refusedBy === 'start' && of === member.name)
    .flatMap(({ serverError }) => serverError ?? []);
  return { output, settings: member.settings, says: [...new Set(says)] };
}

/** Runs the command where the machine's directories are those of the set, until etcd waits for its peers at each port or ends. */
async function run(command: string, root: string, address: string, ports: number): Promise<string> {
  const script = `
ip link set lo up
ip address add ${address}/32 dev lo
mkdir -p "${root}/bin-of-etcd"
cp "${etcd?.etcd}" "${root}/bin-of-etcd/etcd"
for top in etc var; do
  mkdir -p "${root}/$top"
  mount --bind "${root}/$top" /$top
done
mkdir -p /var/lib/etcd
export PATH="${root}/bin-of-etcd:$PATH"
exec sh -ec '${command.replaceAll("'", `'\\''`)}'
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
  return [
    `peerTLS: ${tlsInfo(settings.peer)}\n`,
    `name = ${settings.name?.value ?? ''}\n`,
    `advertise client URLs = ${settings.advertiseClientUrls.value.join(',')}\n`,
    ...settings.listenPeerUrls.value.map(
      (url) => `listening for peers on ${url.replace('https://', '')}\n`,
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

function textOf(files: Files, { directory }: Host, path: string): string {
  const text = files[`${directory}${path}`];
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
