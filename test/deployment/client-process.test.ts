import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority } from '../../testcluster/issue/issue.ts';
import type { Report } from '../../src/model/report.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { reservePorts } from '../../testcluster/ports.ts';
import { type Confinement, startConfined } from '../support/confined.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';

const authority = await issueAuthority({ commonName: 'CA' });
const [clientPort = 0, peerPort = 0] = await reservePorts(2);
const clientEndpoint = `https://127.0.0.1:${clientPort}`;
const usages = ['serverAuth', 'clientAuth'] as const;
const server = await authority.issue({ hosts: ['127.0.0.1'], usages });
const client = await authority.issue({ commonName: 'client', usages: ['clientAuth'] });

function memberUnit(pki: string): string {
  const peerUrl = `https://127.0.0.1:${peerPort}`;
  const words = [
    '--name=m1',
    `--listen-client-urls=${clientEndpoint} --advertise-client-urls=${clientEndpoint}`,
    `--listen-peer-urls=${peerUrl} --initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=m1=${peerUrl}`,
    ...['', 'peer-'].flatMap((kind) => [
      `--${kind}cert-file=${pki}/server.crt --${kind}key-file=${pki}/server.key`,
      `--${kind}trusted-ca-file=${pki}/ca.crt --${kind}client-cert-auth`,
    ]),
  ];
  return `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${words.join(' ')}\n`;
}

const pki = {
  'ca.crt': authority.certificatePem,
  'server.crt': server.certificatePem,
  'server.key': server.privateKeyPem,
  'client.crt': client.certificatePem,
  'client.key': client.privateKeyPem,
};

function below(directory: string, files: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`${directory}/${name}`, text]),
  );
}

/** What is found of files that a process cannot open, with the line that says so. */
function closedFiles({ results }: Report, directory: Directory): readonly string[] {
  return results
    .filter(({ check: { id }, verdict: { status } }) => {
      const isOfProcess = id === 'file-denied-to-user' || id === 'file-hidden-from-process';
      return isOfProcess && status !== 'pass';
    })
    .map(({ check: { id }, target: { name, location }, verdict: { status } }) => {
      const place = `${location?.file ?? ''}:${location?.line ?? ''}`;
      return `${status} ${id}: ${name} at ${place}`.replaceAll(`${directory.path}/`, '');
    });
}

const user = 4711;

interface UnitCase {
  readonly directives: readonly string[];
  readonly real: Confinement;
  /** Owner and mode of the client's key. */
  readonly key: readonly [uid: number, mode: number];
  /** The finding, and what etcdctl prints of the key. */
  readonly found?: string;
  readonly says?: string;
}

const units: readonly UnitCase[] = [
  { directives: [`User=${user}`, `Group=${user}`], real: { uid: user }, key: [user, 0o600] },
  {
    directives: [`User=${user}`, `Group=${user}`],
    real: { uid: user },
    key: [0, 0o600],
    found: 'fail file-denied-to-user: etcdctl pki/client.key at units/backup.service:2',
    says: 'permission denied',
  },
  { directives: [], real: {}, key: [0, 0o600] },
  {
    directives: ['TemporaryFileSystem=%/pki:ro'],
    real: { mounts: ['mount -t tmpfs none %/pki'] },
    key: [0, 0o600],
    found: 'fail file-hidden-from-process: etcdctl pki/ca.crt at units/backup.service:2',
    says: 'no such file or directory',
  },
];

test.skipIf(isMissing('etcd') || isMissing('accounts')).each(units)(
  'etcdctl in a unit with $directives, its key $key: $says',
  async ({ directives, real, key: [uid, mode], found, says }) => {
    await using directory = await placed(directives, uid, mode);
    const { mounts = [] } = real;
    const inside = { ...real, mounts: mounts.map((line) => line.replaceAll('%', directory.path)) };
    const words = etcdctlWords(directory.at('pki'));
    const report = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });
    const output = await startConfined(programIn(directory), words, inside);
    const isRefused = /open \S+: (?:permission denied|no such file)/.test(output);

    const closed = closedFiles(report, directory);
    expect(closed.some((line) => line === found)).toBe(found !== undefined);
    expect(closed.length === 0).toBe(found === undefined);
    expect(isRefused).toBe(says !== undefined);
    expect(output).toContain(says ?? 'connection refused');
    expect(report.verdict.status).toBe(found === undefined ? 'pass' : 'fail');
  },
);

function etcdctlWords(files: string): readonly string[] {
  return [
    `--endpoints=${clientEndpoint}`,
    `--cacert=${files}/ca.crt`,
    `--cert=${files}/client.crt`,
    `--key=${files}/client.key`,
    '--dial-timeout=2s',
    '--command-timeout=2s',
    '--debug=true',
    'get',
    'a',
  ];
}

/** Where another user can start it. */
function programIn(directory: Directory): string {
  return `/var/tmp/${directory.path.replace(/.*\//, '')}-etcdctl`;
}

async function placed(
  directives: readonly string[],
  uid: number,
  mode: number,
): Promise<Directory> {
  const directory = await directoryWith(below('pki', pki));
  const lines = directives.map((line) => line.replaceAll('%', directory.path));
  const start = `ExecStart=/usr/bin/etcdctl ${etcdctlWords(directory.at('pki')).join(' ')}`;
  await mkdir(directory.at('units'));
  await writeFile(directory.at('units/etcd.service'), memberUnit(directory.at('pki')));
  await writeFile(
    directory.at('units/backup.service'),
    `${['[Service]', ...lines, start].join('\n')}\n`,
  );
  await copyFile((await etcdBinaries()).etcdctl, programIn(directory));
  for (const open of [directory.path, directory.at('pki'), programIn(directory)]) {
    await chmod(open, 0o755);
  }
  await chmod(directory.at('pki/ca.crt'), 0o644);
  await chmod(directory.at('pki/client.crt'), 0o644);
  await chown(directory.at('pki/client.key'), uid, uid);
  await chmod(directory.at('pki/client.key'), mode);
  return {
    ...directory,
    [Symbol.asyncDispose]: async () => {
      await rm(directory.path, { recursive: true, force: true });
      await rm(programIn(directory), { force: true });
    },
  };
}

const deployed = '/etc/kubernetes/pki/etcd';

interface PodCase {
  readonly title: string;
  readonly image?: string;
  readonly mounted: readonly string[];
  readonly user?: number;
  readonly closed: readonly string[];
}

const pods: readonly PodCase[] = [
  { title: 'all files mounted', mounted: [deployed], closed: [] },
  {
    title: 'the directory of etcd’s files not mounted',
    mounted: ['/etc/kubernetes/ssl'],
    closed: [`fail file-hidden-from-process: kube-apiserver ${deployed}/ca.crt at api.json:1`],
  },
  {
    title: 'an image that may hold them',
    image: 'registry.example.test/kube-apiserver:v1.33.0',
    mounted: [],
    closed: ['ca.crt', 'client.crt', 'client.key'].map(
      (file) =>
        `inconclusive file-denied-to-user: kube-apiserver ${deployed}/${file} at api.json:1`,
    ),
  },
];

test.each(pods)('kube-apiserver in a pod, $title', async ({ image, mounted, closed }) => {
  const words = [
    'kube-apiserver',
    `--etcd-servers=${clientEndpoint}`,
    `--etcd-cafile=${deployed}/ca.crt`,
    `--etcd-certfile=${deployed}/client.crt`,
    `--etcd-keyfile=${deployed}/client.key`,
  ];
  const container = {
    name: 'kube-apiserver',
    image: image ?? 'registry.k8s.io/kube-apiserver:v1.33.0',
    command: words,
    volumeMounts: mounted.map((mountPath, index) => ({ name: `v${index}`, mountPath })),
  };
  const volumes = mounted.map((path, index) => ({ name: `v${index}`, hostPath: { path } }));
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'kube-apiserver' },
    spec: { hostNetwork: true, containers: [container], volumes },
  };
  await using directory = await directoryWith({
    ...below(deployed.slice(1), pki),
    'etcd.service': memberUnit(deployed),
    'api.json': JSON.stringify(pod),
  });
  const report = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(closedFiles(report, directory)).toEqual(closed);
  const outcome = closed.length === 0 ? 'pass' : closed[0]?.split(' ')[0];
  expect(report.verdict.status).toBe(outcome === 'inconclusive' ? 'incomplete' : outcome);
});
