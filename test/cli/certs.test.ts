import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { inDays, issueAuthority } from '../support/pki.ts';
import { runProgram } from '../support/program.ts';

const made: { root: string } = { root: '' };

beforeAll(async () => {
  made.root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-certs-'));
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const soon = await ca.issue({
    commonName: 'soon | <b>',
    hosts: ['10.0.0.1', 'node1.example'],
    usages: ['serverAuth'],
    validTo: inDays(20),
  });
  const formula = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
  const expired = await ca.issue({
    commonName: 'late',
    usages: ['serverAuth', 'clientAuth'],
    validFrom: inDays(-30),
    validTo: inDays(-3),
  });
  await writeFile(join(made.root, 'ca.pem'), ca.certificatePem);
  await writeFile(join(made.root, 'soon.pem'), soon.certificatePem);
  await writeFile(join(made.root, '=cmd.pem'), formula.certificatePem);
  await writeFile(join(made.root, 'late.pem'), expired.certificatePem);
});

afterAll(async () => rm(made.root, { recursive: true }));

const run = async (...args: readonly string[]) =>
  runProgram(['certs', ...args], { cwd: made.root });

test('the table begins with what expired first, and an expired certificate exits 1', async () => {
  const { code, stdout } = await run();
  const lines = stdout.split('\n');

  expect(code).toBe(1);
  expect(lines[0]).toBe('4 certificates: 1 expired, 1 expires within 30 days');
  expect(lines[3]).toMatch(/^expired .* CN=late$/);
  expect(stdout).toContain('names 10.0.0.1, node1.example');
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('owners and paths are not broken within a name where they need not be', async () => {
  const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-owners-'));
  await writeCertSet(root, { settings: 'seed' });
  const { stdout } = await runProgram(['certs', '.'], { cwd: root });
  await rm(root, { recursive: true });
  const lines = stdout.split('\n');

  expect(stdout).toContain('  kube-apiserver,  ');
  expect(lines.filter((line) => /^ *(,|[a-z]\b|\.?pem\b)/.test(line))).toEqual([]);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
});

test('certificates that end on one day are shown in one order, whichever second they end in', async () => {
  const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-order-'));
  const late = new Date('2099-06-01T12:00:09Z');
  const soon = new Date('2099-06-01T12:00:01Z');
  const ca = await issueAuthority({ commonName: 'ca', validTo: late });
  const node10 = await ca.issue({ commonName: 'node10', validTo: soon });
  const node2 = await ca.issue({ commonName: 'node2', validTo: late });
  await writeFile(join(root, 'node10.pem'), node10.certificatePem);
  await writeFile(join(root, 'node2.pem'), node2.certificatePem);
  await writeFile(join(root, 'zca.pem'), ca.certificatePem);
  const { stdout } = await runProgram(['certs', '--report', 'json', '.'], { cwd: root });
  await rm(root, { recursive: true });
  const shown = z
    .object({ certificates: z.array(z.object({ files: z.array(z.string()) })) })
    .parse(JSON.parse(stdout));

  expect(shown.certificates.map(({ files }) => files)).toEqual([
    ['zca.pem'],
    ['node2.pem'],
    ['node10.pem'],
  ]);
});

test.each([
  { args: [], code: 0 },
  { args: ['--expiry-warning', '30d'], code: 1 },
  { args: ['--expiry-warning', '10'], code: 0 },
  { args: ['--at', '2099-01-01'], code: 1 },
  { args: ['--expiry-warning', 'soon'], code: 2 },
])('certificates that end in 20 days with $args exit $code', async ({ args, code }) => {
  expect(await run('ca.pem', 'soon.pem', ...args)).toMatchObject({ code });
});

test('one file is shown in every field, with what etcd would accept it for', async () => {
  const alone = await run('soon.pem');
  const among = await run('ca.pem', 'soon.pem', '--detail');

  expect(alone.stdout).toContain('unknown as server certificate: its CA CN=etcd-ca was not given');
  expect(among.stdout).toContain('accepted as server certificate');
  expect(among.stdout).toMatch(
    /rejected as client or peer certificate: x509: certificate\s+specifies\s+an\s+incompatible key usage/,
  );
  expect(among.stdout).toMatch(/IP SAN +10\.0\.0\.1\n/);
  expect(among.stdout).toMatch(/chain +CN=soon \| .* <- CN=etcd-ca\n/);
});

test('a CA that no party of the set has is used as a CA', async () => {
  const { stdout } = await run('ca.pem');

  expect(stdout).toMatch(/^ {2}used as {3}CA$/m);
});

test('JSON holds the entries of the JSON report', async () => {
  const [list, report] = [
    await run('--report', 'json'),
    await runProgram(['check', '--report', 'json'], { cwd: made.root }),
  ];
  const listed = certificatesIn(list.stdout);

  expect(listed).toHaveLength(4);
  expect(listed).toEqual(certificatesIn(report.stdout));
});

test('text from certificates and names of files stays text', async () => {
  const csv = await run('--report', 'csv');
  const markdown = await run('--report', 'markdown');

  expect(csv.stdout).toContain(`"'=cmd.pem"`);
  expect(csv.stdout.split('\r\n')[0]).toMatch(/^"daysLeft","notAfter"/);
  expect(markdown.stdout).not.toMatch(/^[^`]*<b>/m);
  expect(markdown.stdout.split('\n').filter((line) => line.startsWith('| '))).toHaveLength(6);
});

function certificatesIn(json: string): readonly unknown[] {
  return z.object({ certificates: z.array(z.unknown()) }).parse(JSON.parse(json)).certificates;
}
