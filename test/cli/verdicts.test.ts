import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseReport } from '../../src/report/parse-report.ts';
import { controlPlane } from '../support/kubeadm.ts';
import { issueAuthority } from '../support/pki.ts';
import { runProgram } from '../support/program.ts';
import { type Sets, writeSets } from '../support/sets.ts';

const made: { sets?: Sets } = {};

beforeAll(async () => {
  made.sets = await writeSets();
  await prepare();
});

afterAll(async () => {
  await made.sets?.[Symbol.asyncDispose]();
});

function at(...parts: readonly string[]): string {
  return join(made.sets?.root ?? '', ...parts);
}

interface Row {
  readonly title: string;
  readonly args: string;
  readonly status: 'pass' | 'fail' | 'incomplete';
  readonly scope: 'cluster' | 'certificates' | 'members';
  readonly code: number;
  readonly headline: RegExp;
  readonly next?: RegExp;
}

const certificatesOnly = /settings were not given, so ports were not judged/;

const rows: readonly Row[] = [
  {
    title: "the document's set",
    args: 'seed',
    status: 'fail',
    scope: 'cluster',
    code: 1,
    headline:
      /^3 critical, .*; most urgent: client port accepts anonymous connections \(node1, node2 and node3\)/,
  },
  {
    title: 'the same set fixed',
    args: 'fixed',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /^no problems found; real etcd accepts this set/,
  },
  {
    title: 'certificates alone',
    args: 'fixed/certs',
    status: 'pass',
    scope: 'certificates',
    code: 0,
    headline: /^no problems found; settings were not given, so ports were not judged$/,
  },
  {
    title: 'one certificate alone',
    args: 'one',
    status: 'incomplete',
    scope: 'certificates',
    code: 3,
    headline: /the CA CN=etcd cluster CA: the issuer of one\/node_1_cert\.pem was not given/,
    next: /^give the certificate of the CA CN=etcd cluster CA$/,
  },
  {
    title: 'a pair without its CA',
    args: 'pair',
    status: 'incomplete',
    scope: 'certificates',
    code: 3,
    headline: certificatesOnly,
    next: /^give the certificate of the CA CN=etcd cluster CA$/,
  },
  {
    title: 'certificates without one private key',
    args: 'keyless',
    status: 'incomplete',
    scope: 'certificates',
    code: 3,
    headline: certificatesOnly,
    next: /^give the private key of keyless\/node_1_cert\.pem$/,
  },
  {
    title: 'certificates with client settings only',
    args: 'fixed/certs fixed/etcd-env.sh',
    status: 'pass',
    scope: 'certificates',
    code: 0,
    headline: certificatesOnly,
  },
  {
    title: 'a certificate that Go does not see',
    args: 'hidden',
    status: 'fail',
    scope: 'certificates',
    code: 1,
    headline: /cannot load its certificate and key/,
  },
  {
    title: 'one host of three',
    args: 'host1',
    status: 'incomplete',
    scope: 'members',
    code: 3,
    headline: /the files of node2 and node3 were not given/,
    next: /^give the files of node2 and node3 as well$/,
  },
  {
    title: 'a set whose settings name a file that was not given',
    args: 'lacking',
    status: 'incomplete',
    scope: 'cluster',
    code: 3,
    headline: /node_2_key_insecure\.pem/,
    next: /^give /,
  },
  {
    title: 'a set whose settings name a CA file that was not given',
    args: 'anchorless',
    status: 'incomplete',
    scope: 'cluster',
    code: 3,
    headline: /peer_ca_cert\.pem: the settings of node1 refer to it, but it was not given/,
    next: /^give \S+peer_ca_cert\.pem of node1$/,
  },
  {
    title: 'a CRL that is none',
    args: 'crlless',
    status: 'incomplete',
    scope: 'cluster',
    code: 3,
    headline:
      /\/c\/crl: the settings of node1 refer to it, but \S+ contains no certificate, key or CRL/,
  },
  {
    title: 'a client that connects to a peer port',
    args: 'peerport',
    status: 'fail',
    scope: 'cluster',
    code: 1,
    headline: /^3 high; most urgent: required connection is rejected/,
    next: /connect to the client URLs of node1: port 2380 is for peers/i,
  },
  {
    title: 'a control plane of kubeadm',
    args: 'kubeadm',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /none of them high or worse; real etcd accepts this set$/,
  },
  {
    title: 'three control planes of kubeadm',
    args: 'kubeadm3',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /none of them high or worse; real etcd accepts this set$/,
  },
  {
    title: 'waived findings',
    args: 'seed --waivers waived.yaml',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /accepted finding/,
  },
  {
    title: 'an expired waiver',
    args: 'fixed --waivers expired.yaml',
    status: 'fail',
    scope: 'cluster',
    code: 1,
    headline: /^a waiver has expired/,
  },
  {
    title: 'findings that the baseline has',
    args: 'seed --baseline seed.json',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /accepted findings/,
  },
  {
    title: 'evidence of three hosts',
    args: '--evidence node1.json --evidence node2.json --evidence node3.json',
    status: 'pass',
    scope: 'cluster',
    code: 0,
    headline: /^no problems found; real etcd accepts this set/,
  },
  {
    title: 'evidence of one of them',
    args: '--evidence node1.json',
    status: 'incomplete',
    scope: 'members',
    code: 3,
    headline: /the files of node2 and node3 were not given/,
  },
];

test.each(rows)('$title: $status, $scope, exit $code', async (row) => {
  const { code, stdout } = await runProgram(['check', ...row.args.split(' '), '--report', 'json'], {
    cwd: at(),
  });
  const { status, scope, sentence, next } = parseReport(stdout).verdict;

  expect({ status, scope, code }).toEqual({
    status: row.status,
    scope: row.scope,
    code: row.code,
  });
  expect(sentence).toMatch(row.headline);
  expect(next ?? '').toMatch(row.next ?? (row.status === 'pass' ? /^$/ : /./));
});

test('--accept-incomplete excuses open questions', async () => {
  const { code, stdout } = await runProgram(['check', 'one', '--accept-incomplete'], { cwd: at() });

  expect(code).toBe(0);
  expect(stdout).toContain('INCOMPLETE: ');
});

const initialCluster =
  'node1=https://10.104.100.236:2380,node2=https://10.104.100.245:2380,node3=https://10.104.100.239:2380';

async function prepare(): Promise<void> {
  await copy('fixed/certs/node_1_cert.pem', 'one');
  await copy('fixed/certs/node_1_cert.pem', 'pair');
  await copy('fixed/certs/node_1_key_insecure.pem', 'pair');
  await cp(at('fixed/certs'), at('keyless'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_1_key_insecure.pem'),
  });
  await cp(at('fixed/certs'), at('hidden'), { recursive: true });
  const seen = await readFile(at('hidden/node_2_cert.pem'), 'utf8');
  await writeFile(at('hidden/node_2_cert.pem'), `\u{feff}${seen}`);
  await cp(at('fixed'), at('lacking'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_2_key_insecure.pem'),
  });
  await cp(at('fixed'), at('anchorless'), {
    recursive: true,
    filter: (path) => !path.endsWith('peer_ca_cert.pem'),
  });
  await cp(at('fixed'), at('crlless'), { recursive: true });
  const dropIn = at('crlless/node1/10-etcd-member.conf');
  const settings = await readFile(dropIn, 'utf8');
  await writeFile(dropIn, `${settings.trimEnd()}\nEnvironment="ETCD_CLIENT_CRL_FILE=/c/crl"\n`);
  await write('crlless', { 'c/crl': 'hello\n' });
  await cp(at('fixed'), at('peerport'), { recursive: true });
  const script = await readFile(at('peerport/etcd-env.sh'), 'utf8');
  await writeFile(at('peerport/etcd-env.sh'), script.replaceAll(':2379', ':2380'));
  for (const number of [1, 2, 3]) await writeHost(number);
  await writeKubeadm();
  await writeWaivers();
}

async function copy(file: string, directory: string): Promise<void> {
  await mkdir(at(directory), { recursive: true });
  await cp(at(file), at(directory, file.split('/').at(-1) ?? ''));
}

/** The files of one node where they belong, and what `collect` says of them. */
async function writeHost(number: number): Promise<void> {
  const host = `host${number}`;
  const certs = join(host, 'etc/ssl/certs/etcd');
  for (const name of ['cert', 'key_insecure', 'peer_cert', 'peer_key_insecure']) {
    await copy(`fixed/certs/node_${number}_${name}.pem`, certs);
  }
  for (const name of ['ca_cert.pem', 'peer_ca_cert.pem']) {
    await copy(`fixed/certs/${name}`, certs);
  }
  const dropIn = await readFile(at(`fixed/node${number}/10-etcd-member.conf`), 'utf8');
  const complete = /ETCD_INITIAL_CLUSTER=/.test(dropIn)
    ? dropIn
    : `${dropIn.trimEnd()}\nEnvironment="ETCD_INITIAL_CLUSTER=${initialCluster}"\n`;
  const unit = join(host, 'etc/systemd/system/etcd-member.service.d');
  await mkdir(at(unit), { recursive: true });
  await writeFile(at(unit, '10-etcd-member.conf'), complete);
  await runProgram(['collect', host, '--output', `node${number}.json`], { cwd: at() });
}

async function writeKubeadm(): Promise<void> {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  await write('kubeadm', await controlPlane(ca, '10.0.0.1', 'control-plane'));
  const initial = ['cp1', 'cp2', 'cp3'].map(
    (name, index) => `${name}=https://10.0.0.${index + 1}:2380`,
  );
  for (const [index, name] of ['cp1', 'cp2', 'cp3'].entries()) {
    const files = await controlPlane(ca, `10.0.0.${index + 1}`, name);
    const manifest = files['manifests/etcd.yaml'] ?? '';
    files['manifests/etcd.yaml'] = manifest.replace(
      /--initial-cluster=.*/,
      `--initial-cluster=${initial.join(',')}`,
    );
    await write(join('kubeadm3', name), files);
  }
}

async function write(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const file = at(directory, path);
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, text, { mode: 0o600 });
  }
}

async function writeWaivers(): Promise<void> {
  await runProgram(['check', 'seed', '--report', 'json=seed.json'], { cwd: at() });
  const report = parseReport(await readFile(at('seed.json'), 'utf8'));
  const failing = new Set(
    report.results.filter(({ verdict }) => verdict.status === 'fail').map(({ check }) => check.id),
  );
  await writeFile(at('waived.yaml'), waivers([...failing], '2999-12-31'));
  await writeFile(at('expired.yaml'), waivers(['client-port-admits-anonymous'], '2001-12-31'));
}

function waivers(checks: readonly string[], expires: string): string {
  const entries = checks.map(
    (check) =>
      `  - check: ${check}\n    target: '*'\n    reason: lab\n    owner: ops\n    expires: ${expires}\n`,
  );
  return `waivers:\n${entries.join('')}`;
}
