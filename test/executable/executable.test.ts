import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as waitFor } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodes } from '../../src/cli/exit-code.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { version } from '../../src/version.ts';
import { startCluster } from '../../testcluster/cluster.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { deployedDirectory } from '../../testcluster/plan.ts';
import { run } from '../../testcluster/run.ts';
import { executableOf } from '../../tools/executable/output.ts';
import { ownArchitecture } from '../../tools/executable/node.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';
import { type Files, unpack } from '../../src/cli/packed.ts';
import { compiledName, sourceName } from '../../tools/executable/asset.ts';
import { cacheProbe, codeCacheOf } from './code-cache.ts';
import { builtExecutable } from './executables.ts';
import { emptyRoot, type Root } from './root.ts';

skipWithout('chroot', 'etcd');

const execute = promisify(execFile);
const program = '/etcd-tls-audit';
const opened: { root?: Root } = {};

beforeAll(async () => {
  const root = await emptyRoot(builtExecutable());
  opened.root = root;
  await root.place(builtExecutable(), program);
  await writeCertSet(join(root.path, 'seed'), { settings: 'seed' });
});

afterAll(async () => {
  await opened.root?.[Symbol.asyncDispose]();
});

function emptied(): Root {
  if (opened.root === undefined) throw new Error('there is no root file system');
  return opened.root;
}

test.each([
  { args: ['--version'], code: 0, prints: version },
  { args: ['check', '/seed'], code: 1, prints: '[client-port-admits-anonymous]' },
  { args: ['check', '/seed', '--report', 'html'], code: 1, prints: '<!doctype html>' },
  { args: ['check', '/seed', '--report', 'json=/report.json', '--quiet'], code: 1, prints: '' },
  { args: ['render', '/report.json', '--report', 'sarif'], code: 1, prints: '"version": "2.1.0"' },
  { args: ['render', '/report.json', '--report', 'junit'], code: 1, prints: '<testsuites' },
  { args: ['diff', '/report.json', '/report.json'], code: 0, prints: '16 unchanged' },
  { args: ['certs', '/seed'], code: 0, prints: 'server, peer' },
  { args: ['collect', '/seed', '--output', '/evidence.json'], code: 0, prints: '' },
  { args: ['check', '--evidence', '/evidence.json'], code: 1, prints: 'FAIL' },
  { args: ['init', '/seed', '--output', '-'], code: 0, prints: 'version: 2' },
  { args: ['checks', 'unknown-authority'], code: 0, prints: 'unknown-authority' },
  { args: ['completion', 'fish'], code: 0, prints: 'complete -c etcd-tls-audit' },
  {
    args: ['explain', 'x509: certificate signed by unknown authority'],
    code: 1,
    prints: 'authority',
  },
  { args: ['check', '/nowhere'], code: 2, prints: '' },
])('without anything else on the disk: $args', async ({ args, code, prints }) => {
  const ended = await emptied().run(program, ...args);

  expect(ended).toMatchObject({ code });
  expect(ended.stdout).toContain(prints);
  expect(ended.stderr).not.toContain('internal error in this program');
});

test('verify lists the members of a real etcd, through etcd3 too', async () => {
  await using cluster = await startCluster({ runtime: 'native', ports: 'free' });
  await emptied().place(cluster.set, '/set');
  const args = ['/set', '--map', `${deployedDirectory}=/set/certs`, '--report', 'json'];
  const { code, stdout, stderr } = await emptied().run(program, 'verify', ...args);

  const { verdict, results } = parseReport(stdout);
  const ordinary = results.filter(({ check }) => check.id === 'ordinary-client-refused');
  expect({ code, status: verdict.status, stderr }).toMatchObject({ code: 0, status: 'pass' });
  expect(ordinary.map(({ verdict: { status } }) => status)).toEqual(['pass', 'pass', 'pass']);
});

async function start(args: readonly string[], ...options: readonly string[]) {
  await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
  const NODE_OPTIONS = [...options, '--require', directory.at('probe.cjs')].join(' ');
  const ended = await run(builtExecutable(), args, { environment: { NODE_OPTIONS } });
  return codeCacheOf(ended.stderr);
}

test('V8 takes all code that was compiled when it was built', async () => {
  const set = join(emptied().path, 'seed');

  for (const args of [
    ['check', set],
    ['verify', set, '--timeout', '100ms'],
  ]) {
    const { taken, rejected } = await start(args);
    expect(rejected).toEqual([]);
    expect(taken).toContain('run.js');
  }
  // V8 takes nothing that was compiled under other flags: the lines above can fail.
  expect(await start(['check', set], '--jitless')).toMatchObject({ taken: [] });
});

test('for `verify` what judges a running cluster is compiled', async () => {
  const set = join(emptied().path, 'seed');
  const check = await start(['check', set]);
  const verify = await start(['verify', set, '--timeout', '100ms']);

  const [audit = ''] = check.taken.filter((file) => file.startsWith('audit-'));
  expect(verify.bytes[audit]).toBeGreaterThan((check.bytes[audit] ?? Number.NaN) + 100_000);
});

test.each([
  { NODE_OPTIONS: '--use-system-ca' },
  { NODE_OPTIONS: '--use-bundled-ca' },
  { NODE_OPTIONS: '--use-openssl-ca' },
  { NODE_OPTIONS: '--max-old-space-size=200 --v8-pool-size=0' },
  { NODE_USE_SYSTEM_CA: '1' },
])('starts next to what the operator sets for Node: %s', async (environment) => {
  const { code, stdout } = await run(builtExecutable(), ['checks'], { environment });

  expect({ code, lists: stdout.includes('unknown-authority') }).toEqual({ code: 0, lists: true });
});

test('what is compiled begins where V8 takes it without a copy', async () => {
  const whole = await readFile(builtExecutable());
  const places = [...assetsIn(whole).values()].flatMap((files) =>
    [...files.values()].map(({ byteOffset }) => byteOffset - whole.byteOffset),
  );

  expect(places.length).toBeGreaterThan(100);
  expect(places.filter((place) => place % 8 !== 0)).toEqual([]);
});

test('what `check` does not load is compiled whole', async () => {
  const assets = assetsIn(await readFile(builtExecutable()));
  const [, live = new Map<string, Buffer>()] =
    [...assets].find(([name]) => name.startsWith('live-')) ?? [];

  // A third of it where functions wait until they are called.
  expect(live.get(compiledName)?.length).toBeGreaterThan(2 * (live.get(sourceName)?.length ?? NaN));
});

/** The files of the bundle, each with its text and its compiled code. */
function assetsIn(executable: Buffer): ReadonlyMap<string, Files> {
  const word = `.js ${sourceName} `;
  const found = new Map<string, Files>();
  for (let at = executable.indexOf(word); at !== -1; at = executable.indexOf(word, at + 1)) {
    const from = at - 60;
    const line = /([\w-]+\.js) source \d+ compiled \d+\n/.exec(
      executable.toString('latin1', from, at + 60),
    );
    const [, name] = line ?? [];
    if (line === null || name === undefined) continue;
    found.set(name, unpack(executable.subarray(from + line.index), name));
  }
  return found;
}

test('no debugger opens for a signal', async () => {
  const child = spawn(builtExecutable(), ['explain', '-']);
  const ended = once(child, 'close');
  const said = text(child.stderr);
  await waitFor(1000);
  child.kill('SIGUSR1');
  await waitFor(100);
  child.stdin.end('a line');

  expect(await ended).toEqual([exitCodes.incomplete, null]);
  expect(await said).toBe('');
});

test('kubectl knows it as a plugin', async () => {
  await using directory = await directoryWith({});
  const plugin = directory.at('kubectl-etcd_tls_audit');
  await symlink(builtExecutable(), plugin);
  const { stdout } = await execute(plugin, ['check', '--help']);

  expect(stdout).toMatch(/^Usage: kubectl etcd-tls-audit check /);
});

test(
  'the same sources build to the same bytes, in another environment too',
  { timeout: 300_000 },
  async () => {
    const elsewhere = await mkdtemp(resolve('.cache', 'executable-'));
    try {
      const env = { ...process.env, FORCE_COLOR: '3', LC_ALL: 'C', COLUMNS: '40' };
      await execute('npx', ['tsx', 'tools/executable/main.ts', '--output', elsewhere], { env });

      const again = join(elsewhere, executableOf(ownArchitecture()));
      expect(await digest(again)).toBe(await digest(builtExecutable()));
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  },
);

async function digest(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
