import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { runProgram } from '../support/program.ts';
import { seedDropIn, seedFiles } from '../support/seed-set.ts';

test('three hosts collect, and one check judges them as all files together', async () => {
  await using set = await threeHosts();
  for (const host of hosts) {
    const { code, stderr } = await runProgram(
      ['collect', host, '--host', host, '--output', `${host}.json`],
      { cwd: set.path },
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }

  const saved = await check(
    set,
    hosts.flatMap((host) => ['--evidence', `${host}.json`]),
  );
  const directories = await check(
    set,
    hosts.map((host) => `${host}=${host}`),
  );
  const mixed = await check(set, ['node1=node1', '--evidence', 'node2.json', 'node3']);

  expect(saved.members).toEqual(['node1', 'node2', 'node3']);
  expect(directories).toEqual({ ...saved, at: directories.at });
  expect(mixed.members.toSorted()).toEqual(saved.members);
  expect(mixed.findings.length).toBe(saved.findings.length);
});

test('collect names the host after the machine, and writes to standard output', async () => {
  await using set = await threeHosts();

  const { stdout } = await runProgram(['collect', 'node1'], { cwd: set.path });

  expect(JSON.parse(stdout)).toMatchObject({ host: hostname(), facts: { files: {} } });
  expect(stdout).not.toContain('PRIVATE KEY-----');
});

test('the same host with other content is wrong usage', async () => {
  await using set = await threeHosts();
  const collect = (to: string) =>
    runProgram(['collect', 'node1', '--host', 'node1', '--output', to], { cwd: set.path });
  await collect('before.json');
  await cp(set.at('node2/node_2_cert.pem'), set.at('node1/node_1_cert.pem'));
  await collect('after.json');

  const { code, stderr } = await runProgram(
    ['check', '--evidence', 'before.json', '--evidence', 'after.json'],
    { cwd: set.path },
  );

  expect(code).toBe(2);
  expect(stderr).toContain('node1/node_1_cert.pem was given twice, with different content');
});

test('an inventory counts for saved evidence as for files', async () => {
  await using set = await threeHosts();
  await runProgram(['collect', 'node1', '--output', 'one.json'], { cwd: set.path });
  const inventory = 'version: 1\nconfig:\n  expiryWarningDays: 36500\n';
  await mkdir(set.at('elsewhere'));
  await writeFile(set.at('elsewhere/inventory.yaml'), inventory);
  const options = ['--inventory', 'elsewhere/inventory.yaml'];

  const saved = await check(set, ['--evidence', 'one.json', ...options]);
  const direct = await check(set, ['node1', ...options]);

  expect(saved).toEqual({ ...direct, at: saved.at });
  expect(saved.findings.join()).toContain('certificate-expires-soon');
});

test('evidence of last year is judged as of then, with an inventory of today too', async () => {
  await using set = await threeHosts();
  await runProgram(['collect', 'node1', '--output', 'one.json'], { cwd: set.path });
  const evidence = parseEvidence(await readFile(set.at('one.json'), 'utf8'), 'one.json');
  const old = { ...evidence, collectedAt: '2025-01-01T00:00:00.000Z' };
  await writeFile(set.at('old.json'), serializeEvidence(old));
  await writeFile(set.at('inventory.yaml'), 'version: 1\n');

  const judgedAt = async (...args: readonly string[]) => (await check(set, args)).at;
  const inventory = ['--inventory', 'inventory.yaml'];

  expect(await judgedAt('--evidence', 'old.json')).toBe('2025-01-01T00:00:00.000Z');
  expect(await judgedAt('--evidence', 'old.json', ...inventory)).toBe('2025-01-01T00:00:00.000Z');
  expect(await judgedAt('--evidence', 'old.json', 'node2')).toMatch(/^20(?!25)/);
  expect(await judgedAt('--evidence', 'old.json', '--at', '2027-02-03')).toMatch(/^2027-02-03/);
});

test('verify dials what saved evidence names', async () => {
  await using set = await threeHosts();
  await runProgram(['collect', 'node1', '--output', 'one.json'], { cwd: set.path });
  const report = await runProgram(
    ['verify', '--evidence', 'one.json', '--endpoints', 'https://127.0.0.1:1', '--report', 'json'],
    { cwd: set.path },
  );

  expect(JSON.parse(report.stdout)).toMatchObject({
    command: 'verify',
    facts: { endpoints: [{ endpoint: { url: 'https://127.0.0.1:1' }, speaks: 'unreachable' }] },
  });
});

const hosts = ['node1', 'node2', 'node3'];

/** The document's three nodes, each with its own files under the paths of its host. */
async function threeHosts(): Promise<Directory> {
  const files = await seedFiles();
  const own = hosts.flatMap((host, index) => {
    const number = index + 1;
    const settings = seedDropIn
      .replaceAll('node_1', `node_${number}`)
      .replaceAll(addresses[0] ?? '', addresses[index] ?? '');
    const names = [`node_${number}_cert.pem`, `node_${number}_key_insecure.pem`, 'ca_cert.pem'];
    return [
      [join(host, '10-etcd-member.conf'), settings] as const,
      ...names.map((name) => [join(host, name), files[name] ?? ''] as const),
    ];
  });
  return await directoryWith(Object.fromEntries(own));
}

const addresses = ['10.104.100.236', '10.104.100.239', '10.104.100.245'];

async function check(set: Directory, args: readonly string[]) {
  const { stdout, stderr } = await runProgram(['check', ...args, '--report', 'json'], {
    cwd: set.path,
  });
  if (stdout === '') throw new Error(stderr);
  const report = parseReport(stdout, 'standard output');
  const findings = report.results
    .filter(({ verdict: { status } }) => status === 'fail' || status === 'inconclusive')
    .map(({ check: { id }, target, verdict }) => `${id} ${target.name} ${verdict.status}`);
  return {
    at: report.collectedAt,
    members: report.facts.members?.map(({ name }) => name) ?? [],
    findings: findings.toSorted(),
  };
}
