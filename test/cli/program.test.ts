import { cp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { containing } from '../support/containing.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { runProgram } from '../support/program.ts';
import { type Sets, writeSets } from '../support/sets.ts';

const made: { sets?: Sets } = {};

beforeAll(async () => {
  made.sets = await writeSets();
});

afterAll(async () => {
  await made.sets?.[Symbol.asyncDispose]();
});

function at(...parts: readonly string[]): string {
  return join(made.sets?.root ?? '', ...parts);
}

const audited: readonly { readonly title: string; readonly args: string; readonly code: number }[] =
  [
    { title: 'a sound set', args: 'check fixed', code: 0 },
    { title: 'findings', args: 'check seed', code: 1 },
    {
      title: 'findings below --fail-on',
      args: 'check seed --only loopback-not-in-certificate',
      code: 0,
    },
    {
      title: 'the same at --fail-on low',
      args: 'check seed --only loopback-not-in-certificate --fail-on low',
      code: 1,
    },
    {
      title: 'what is left when one check is skipped',
      args: 'check seed --skip client-port-admits-anonymous',
      code: 1,
    },
    { title: 'a set expired at that date', args: 'check fixed --at 2090-01-01', code: 1 },
    { title: 'a standard not met', args: 'check seed --standard cis-1.12', code: 1 },
    { title: 'a misspelt command', args: 'chekc', code: 2 },
    { title: 'a missing path', args: 'check nowhere', code: 2 },
    {
      title: 'a replacement that breaks nothing',
      args: 'check fixed --replace fixed --order node3,node1,node2',
      code: 0,
    },
  ];

test.each(audited)('$title exits $code', async ({ args, code }) => {
  const ended = await runProgram(args.split(' '), { cwd: at() });

  expect(ended).toMatchObject({ code });
});

test('a file of the set that cannot be read makes the run incomplete', async () => {
  await cp(at('fixed'), at('circular'), { recursive: true });
  await symlink('circle.pem', at('circular', 'certs', 'circle.pem'));

  const { code, stderr } = await runProgram(['check', 'circular'], { cwd: at() });

  expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
});

test('SIGINT while a silent endpoint is waited for exits 130', async () => {
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const ended = await runProgram(
    ['verify', 'fixed', '--endpoints', `https://127.0.0.1:${port}`, '--timeout', '60s'],
    { cwd: at(), onStart: (interrupt) => server.once('connection', interrupt) },
  );
  server.close();

  expect(ended.code).toBe(130);
  expect(ended.stderr).not.toMatch(/\n\s+at /);
});

test('an endpoint where nothing listens is a finding', async () => {
  const { code, stdout } = await runProgram(
    ['verify', 'fixed', '--endpoints', 'https://127.0.0.1:1', '--timeout', '500ms'],
    { cwd: at() },
  );

  expect(code).toBe(1);
  expect(stdout).toContain('endpoint-unreachable');
});

test('several reports come from one run, whole, and leave no drafts', async () => {
  const { stdout } = await runProgram(
    ['check', 'seed', '--report', 'json', '--report', 'html=o.html', '--report', 'sarif=o.sarif'],
    { cwd: at() },
  );

  expect(JSON.parse(stdout)).toMatchObject({ schemaVersion: 2, command: 'check' });
  expect(await readFile(at('o.html'), 'utf8')).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(await readFile(at('o.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
  expect((await readdir(at())).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

test('saved evidence gives the same report byte for byte', async () => {
  const fresh = await runProgram(['check', 'seed', '--save-evidence', 'e.json', '--report=json'], {
    cwd: at(),
  });
  const saved = await runProgram(['check', '--evidence', 'e.json', '--report=json'], { cwd: at() });

  expect(saved.stdout).toBe(fresh.stdout);
  expect(saved.code).toBe(fresh.code);
});

test('saved evidence is judged as the inventory wanted it where it was collected', async () => {
  const config = '{ failOn: low, expiryWarningDays: 36500, skip: [peer-port-admits-client] }';
  await writeFile(at('wishes.yaml'), `version: 1\nconfig: ${config}\n`);
  const options = ['--report=json', '--fail-on=critical'];

  const fresh = await runProgram(
    ['check', 'fixed', '--inventory=wishes.yaml', '--save-evidence=w.json', '--report=json'],
    { cwd: at() },
  );
  const saved = await runProgram(['check', '--evidence=w.json', '--report=json'], { cwd: at() });
  const seen = await runProgram(['check', '--evidence=w.json', ...options], { cwd: at() });

  expect(fresh.code).toBe(1);
  expect(saved).toMatchObject({ code: 1, stdout: fresh.stdout });
  expect(fresh.stdout).toContain('"expiryWarningDays": 36500');
  const { results, verdict } = parseReport(fresh.stdout);
  expect(results.map(({ check }) => check.id)).not.toContain('peer-port-admits-client');
  expect(verdict.skipped).toMatchObject([{ id: 'peer-port-admits-client' }]);
  expect(seen.code).toBe(0);
});

test('a report can be shown again, is no different from itself, and is a baseline', async () => {
  await runProgram(['check', 'seed', '--report', 'json=r.json'], { cwd: at() });

  const shown = await runProgram(['render', 'r.json', '--report', 'markdown'], { cwd: at() });
  const compared = await runProgram(['diff', 'r.json', 'r.json'], { cwd: at() });
  const known = await runProgram(['check', 'seed', '--baseline', 'r.json'], { cwd: at() });

  expect(shown).toMatchObject({ code: 1, stdout: containing('peer-port-admits') });
  expect(compared).toMatchObject({ code: 0, stdout: containing('0 new, 0 resolved') });
  expect(known.code).toBe(0);
  expect(known.stdout).toMatch(/^PASS: no problems found but \d+ accepted findings/m);
});

test.each([
  { title: 'in force', check: 'client-port-admits-anonymous', expires: '2999-12-31', code: 0 },
  { title: 'expired', check: 'client-port-admits-anonymous', expires: '2001-12-31', code: 1 },
])('a waiver $title exits $code', async ({ check, expires, code }) => {
  const file = `waivers-${code}.yaml`;
  await writeFile(
    at(file),
    `waivers:\n  - check: ${check}\n    target: '*'\n    reason: lab\n    owner: ops\n    expires: ${expires}\n`,
  );

  const ended = await runProgram(['check', 'seed', '--only', check, '--waivers', file], {
    cwd: at(),
  });

  expect(ended).toMatchObject({ code, stderr: '' });
});

test('an unused waiver is told and fails nothing', async () => {
  await writeFile(
    at('unused.yaml'),
    "- check: weak-rsa-key\n  target: '*'\n  reason: lab\n  owner: ops\n  expires: 2999-12-31\n",
  );

  const { code, stdout } = await runProgram(['check', 'fixed', '--waivers', 'unused.yaml'], {
    cwd: at(),
  });

  expect(code).toBe(0);
  expect(stdout).toMatch(/weak-rsa-key/);
});

const escape = String.fromCharCode(27);

test.each([
  { env: {}, args: [], colored: false },
  { env: { FORCE_COLOR: '1' }, args: [], colored: true },
  { env: { FORCE_COLOR: '0' }, args: [], colored: false },
  { env: { FORCE_COLOR: '1', NO_COLOR: '1' }, args: [], colored: false },
  { env: { NO_COLOR: '1' }, args: ['--color', 'always'], colored: true },
  { env: { FORCE_COLOR: '1' }, args: ['--color', 'never'], colored: false },
])('with $env and $args, colour: $colored', async ({ env, args, colored }) => {
  const { stdout } = await runProgram(['check', 'seed', ...args], { cwd: at(), env });

  expect(stdout.includes(escape)).toBe(colored);
});

test('--quiet says less and --verbose more', async () => {
  const lengths = await Promise.all(
    [['--quiet'], [], ['--verbose']].map(
      async (args) => (await runProgram(['check', 'fixed', ...args], { cwd: at() })).stdout.length,
    ),
  );

  expect(lengths).toEqual(lengths.toSorted((left, right) => left - right));
  expect(new Set(lengths).size).toBe(3);
});

test('what init writes is an inventory that check takes, and is not overwritten', async () => {
  const first = await runProgram(['init', 'fixed', '--output', 'i.yaml'], { cwd: at() });
  const second = await runProgram(['init', 'fixed', '--output', 'i.yaml'], { cwd: at() });
  const checked = await runProgram(['check', '--inventory', 'i.yaml', 'fixed'], { cwd: at() });

  expect(first).toMatchObject({ code: 0, stdout: containing('3 members') });
  expect(second).toMatchObject({ code: 2, stderr: containing('--force') });
  expect(checked).toMatchObject({ code: 0, stderr: '' });
});

test('the catalogue lists every check and shows the page of one', async () => {
  const { stdout } = await runProgram(['checks']);
  const page = await runProgram(['checks', 'unknown-authority']);

  expect(stdout).toMatch(/^high +unknown-authority\n +[A-Z]/m);
  expect(page.stdout).toMatch(/^# /);
});

test('the page of a check fits 80 columns, and its addresses stay whole', async () => {
  const { stdout } = await runProgram(['checks', 'health-probe-rejected']);
  const tooLong = stdout.split('\n').filter((line) => line.length > 80);

  expect(tooLong.filter((line) => !/^- https:\S+$/.test(line))).toEqual([]);
  expect(stdout).toMatch(/^- https:\S+startup-probes\/$/m);
});

test.each(['--severity=high', '--standard=cis-1.12'])(
  'checks ID %s is wrong usage',
  async (option) => {
    const { code, stderr } = await runProgram(['checks', 'unknown-authority', option]);

    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: containing('has no effect with the id'),
    });
  },
);

const line = 'x509: certificate is valid for 10.0.0.1, not 10.0.0.2\n';

test('a log is explained from standard input, from a file, as JSON and with the set', async () => {
  await writeFile(at('etcd.log'), line);

  const piped = await runProgram(['explain', '-'], { input: line });
  const read = await runProgram(['explain', 'etcd.log', '--set', 'fixed'], { cwd: at() });
  const json = await runProgram(['explain', 'etcd.log', '--report', 'json'], { cwd: at() });
  const empty = await runProgram(['explain'], { input: 'all is well\n' });

  expect(piped).toMatchObject({ code: 1, stdout: containing('[SAN]') });
  expect(read).toMatchObject({ code: 1, stdout: containing('[SAN]') });
  expect(JSON.stringify(JSON.parse(json.stdout))).toContain('"SAN"');
  expect(empty).toMatchObject({ code: 3, stdout: containing('none in a known wording') });
});

test('an error text in quotes is explained, a name without white space is a file', async () => {
  const text = await runProgram(['explain', line.trim()]);
  const missing = await runProgram(['explain', 'nowhere.log']);
  const harmless = await runProgram([
    'explain',
    'osutil: received terminated signal, shutting down...',
  ]);
  const alone = await runProgram(['explain', line.trim(), '--etcd-version', '3.5.16']);

  expect(text).toMatchObject({ code: 1, stdout: containing('IP:10.0.0.2') });
  expect(missing.code).toBe(2);
  expect(harmless).toMatchObject({ code: 0, stdout: containing('shut down cleanly') });
  expect(alone.code).toBe(2);
});

test.each(['check', 'verify', 'explain', 'init', 'checks', 'render', 'diff', 'completion', ''])(
  'the help of "%s" fits 80 columns',
  async (command) => {
    const { code, stdout } = await runProgram([command, '--help'].filter(Boolean));

    expect(code).toBe(0);
    expect(stdout.split('\n').filter((text) => text.length > 80)).toEqual([]);
  },
);

test('the help teaches with an example for each use', async () => {
  const { stdout } = await runProgram(['--help']);

  expect(stdout).toMatch(/etcd-tls-audit check .*\n[^]*etcd-tls-audit verify .*\n[^]*explain -/);
});
