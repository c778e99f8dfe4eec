import { chmod, chown, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority } from '../../testcluster/issue/issue.ts';
import { etcdBinaries } from '../../testcluster/etcd-binaries.ts';
import { type Confinement, isServing, startConfined } from '../support/confined.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd', 'accounts');

const { etcd, version } = isMissing('etcd') ? { etcd: '', version: 'none' } : await etcdBinaries();

const user = 4711;
const group = 4712;

/** A unit, what its host's files are like, and the same confinement without systemd. */
interface Case {
  readonly directives: readonly string[];
  readonly real: Confinement;
  /** Owner, group and mode of the private key; the user's own with 0600 unless said. */
  readonly key?: readonly [uid: number, gid: number, mode: number];
  /** Mode of the directory that it is in. */
  readonly directory?: number;
  /** Where etcd looks for its files, if not where they are; `%` is the directory of the test. */
  readonly at?: string;
  readonly denied?: string;
}

const own: Confinement = { uid: user, gid: group };
const stated = [`User=${user}`, `Group=${group}`];
const denied = 'permission denied';
const missing = 'no such file or directory';

const cases: readonly Case[] = [
  { directives: stated, real: own },
  { directives: [], real: {} },
  { directives: stated, real: own, key: [0, 0, 0o600], denied },
  { directives: stated, real: own, key: [0, group, 0o640] },
  { directives: stated, real: own, key: [0, group, 0o600], denied },
  { directives: stated, real: own, key: [0, 0, 0o604] },
  { directives: stated, real: own, key: [user, group, 0o040], denied },
  { directives: stated, real: own, key: [0, group, 0o604], denied },
  {
    directives: [...stated, 'SupplementaryGroups=4713'],
    real: { ...own, groups: [4713] },
    key: [0, 4713, 0o640],
  },
  { directives: stated, real: own, directory: 0o700, denied },
  { directives: stated, real: own, directory: 0o711 },
  { directives: stated, real: own, key: [0, 0, 0o444], directory: 0o704, denied },
  {
    directives: ['CapabilityBoundingSet=CAP_NET_BIND_SERVICE'],
    real: { bounding: '-dac_override,-dac_read_search' },
    denied,
  },
  {
    directives: ['CapabilityBoundingSet=~CAP_DAC_OVERRIDE'],
    real: { bounding: '-dac_override' },
  },
  {
    directives: [...stated, 'InaccessiblePaths=%/pki'],
    real: { ...own, mounts: ['mkdir -m 000 %/closed', 'mount --bind %/closed %/pki'] },
    denied,
  },
  {
    directives: ['InaccessiblePaths=%/pki'],
    real: { mounts: ['mkdir -m 000 %/closed', 'mount --bind %/closed %/pki'] },
    denied: missing,
  },
  {
    directives: [...stated, 'TemporaryFileSystem=%/pki:ro'],
    real: { ...own, mounts: ['mount -t tmpfs none %/pki'] },
    denied: missing,
  },
  {
    directives: ['PrivateTmp=yes'],
    real: { mounts: ['mount -t tmpfs none /tmp'] },
    denied: missing,
  },
  {
    directives: [...stated, 'TemporaryFileSystem=%/pki', 'BindReadOnlyPaths=%/other:%/pki/in'],
    real: {
      ...own,
      mounts: [
        'cp -a %/pki %/other',
        'mount -t tmpfs none %/pki',
        'mkdir %/pki/in',
        'mount --bind %/other %/pki/in',
      ],
    },
    at: '%/pki/in',
  },
];

test.each(cases.map((each) => ({ ...each, title: titleOf(each) })))(
  `etcd ${version}: $title`,
  async (each) => {
    await using directory = await placed(each);

    const predicted = await prediction(directory);
    const { mounts = [] } = each.real;
    const real = { ...each.real, mounts: mounts.map((line) => inside(line, directory)) };
    const output = await startConfined(program(directory), words(each, directory), real);

    const path = inside(`${each.at ?? '%/pki'}/server`, directory);
    // The certificate is opened first where a directory keeps both.
    const opened = predicted.map((text) => text.replace(/\.(?:pem|key): /, ': '));
    const said = predicted.filter((text) => output.includes(text));

    expect(opened).toEqual(each.denied === undefined ? [] : [`open ${path}: ${each.denied}`]);
    expect(said).toEqual(predicted);
    expect(isServing(output)).toBe(each.denied === undefined);
  },
);

function titleOf({ directives, key, directory, denied: says }: Case): string {
  const [uid, gid, mode] = key ?? [user, group, 0o600];
  const unit = directives.length === 0 ? 'no directive' : directives.join(' ');
  const above = directory === undefined ? '' : `, directory ${directory.toString(8)}`;
  return `${unit}, key of ${uid}:${gid} ${mode.toString(8)}${above}: ${says ?? 'starts'}`;
}

function inside(text: string, directory: Directory): string {
  return text.replaceAll('%', directory.path);
}

/** Where a user of its own can start it; PrivateTmp would hide it below /tmp. */
function program(directory: Directory): string {
  return `/var/tmp/${directory.path.replace(/.*\//, '')}-etcd`;
}

function words({ at = '%/pki' }: Case, directory: Directory): readonly string[] {
  const url = 'https://127.0.0.1:0';
  const files = inside(at, directory);
  return [
    '--name=m1',
    `--data-dir=/dev/shm/${directory.path.replace(/.*\//, '')}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${url}`,
    `--initial-advertise-peer-urls=${url}`,
    `--initial-cluster=m1=${url}`,
    ...['', 'peer-'].flatMap((kind) => [
      `--${kind}cert-file=${files}/server.pem`,
      `--${kind}key-file=${files}/server.key`,
      `--${kind}trusted-ca-file=${files}/ca.pem`,
      `--${kind}client-cert-auth`,
    ]),
  ];
}

async function placed(each: Case): Promise<Directory> {
  const authority = await issueAuthority({ commonName: 'CA' });
  const hosts = ['127.0.0.1'];
  const leaf = await authority.issue({ hosts, usages: ['serverAuth', 'clientAuth'] });
  const directory = await directoryWith({
    'pki/ca.pem': authority.certificatePem,
    'pki/server.pem': leaf.certificatePem,
    'pki/server.key': leaf.privateKeyPem,
  });
  await chmod(directory.path, 0o755);
  await chmod(directory.at('pki'), each.directory ?? 0o755);
  await chmod(directory.at('pki/ca.pem'), 0o644);
  await chmod(directory.at('pki/server.pem'), 0o644);
  const [uid, gid, mode] = each.key ?? [user, group, 0o600];
  await chown(directory.at('pki/server.key'), uid, gid);
  await chmod(directory.at('pki/server.key'), mode);
  await copyFile(etcd, program(directory));
  await chmod(program(directory), 0o755);
  const data = `/dev/shm/${directory.path.replace(/.*\//, '')}`;
  await mkdir(data);
  await chown(data, each.real.uid ?? 0, each.real.gid ?? 0);
  const unit = directory.at('units/etcd.service');
  await mkdir(dirname(unit));
  const start = `ExecStart=/usr/bin/etcd ${words(each, directory).join(' ')}`;
  const lines = ['[Service]', ...each.directives.map((line) => inside(line, directory)), start];
  await writeFile(unit, `${lines.join('\n')}\n`);
  return {
    ...directory,
    [Symbol.asyncDispose]: async () => {
      for (const path of [directory.path, data, program(directory)]) {
        await rm(path, { recursive: true, force: true });
      }
    },
  };
}

/** What the process is predicted to say instead of starting. */
async function prediction(directory: Directory): Promise<readonly string[]> {
  const report = await audit({ paths: [directory.path], maps: [], etcdVersion: version });
  const said = report.forecast
    .filter(({ refusedBy }) => refusedBy === 'start')
    .map(({ serverError }) => serverError ?? '');
  return [...new Set(said)];
}
