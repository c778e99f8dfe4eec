import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../src/version.ts';

const execute = promisify(execFile);
const made: { root: string; files: readonly string[] } = { root: '', files: [] };

/** Packs a copy, so that nobody's `dist` is rebuilt under their feet, and installs it as users do. */
beforeAll(async () => {
  made.root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-package-'));
  const copy = join(made.root, 'copy');
  await cp(process.env['ETCD_TLS_AUDIT_BUILD'] ?? 'dist', join(copy, 'dist'), { recursive: true });
  for (const name of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'schemas']) {
    await cp(name, join(copy, name), { recursive: true });
  }
  const packing = ['pack', '--json', '--ignore-scripts', '--pack-destination', made.root];
  const { stdout } = await execute('npm', packing, { cwd: copy, maxBuffer: 1e8 });
  made.files = [...stdout.matchAll(/"path": "([^"]+)"/g)].map(([, path = '']) => path);
  const tarball = join(made.root, `etcd-tls-audit-${version}.tgz`);
  const options = ['--no-audit', '--no-fund', '--prefer-offline'];
  await execute('npm', ['install', '-g', '--prefix', prefix(), ...options, tarball]);
}, 300_000);

afterAll(() => rm(made.root, { recursive: true }));

function prefix(): string {
  return join(made.root, 'prefix');
}

test('the tarball holds the program, its schemas and its papers', () => {
  const others = made.files.filter((path) => !/^dist\/.+(\.js|\.d\.ts)$/.test(path));

  expect(others.toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/THIRD-PARTY-NOTICES.txt',
    `dist/cli/check-${process.versions.v8}-${process.arch}`,
    'dist/cli/package.json',
    'package.json',
    'schemas/inventory.schema.json',
    'schemas/report.schema.json',
    'schemas/waivers.schema.json',
  ]);
  expect(made.files).toContain('dist/cli/main.js');
});

test('no file of the program is in words that this Node does not know', async () => {
  const folder = join(prefix(), 'lib', 'node_modules', 'etcd-tls-audit', 'dist', 'cli');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));

  expect(files.length).toBeGreaterThan(10);
  for (const name of files) await execute(process.execPath, ['--check', join(folder, name)]);
});

test('nothing runs when it is installed', async () => {
  const manifest = await readFile('package.json', 'utf8');

  expect(manifest).toContain('"scripts": {');
  expect(manifest).not.toMatch(/^ +"((pre|post)?install|prepare)":/m);
});

test('it runs from an empty prefix', async () => {
  const command = join(prefix(), 'bin', 'etcd-tls-audit');

  expect((await execute(command, ['--version'])).stdout).toBe(`${version}\n`);
  expect((await execute(command, ['checks'])).stdout).toContain('unknown-authority');
});

test.for(['22', '24'])('it runs under Node %s', { timeout: 120_000 }, async (release, context) => {
  const options = ['install', '--no-audit', '--no-fund', '--prefix', join(made.root, release)];
  const home = join(made.root, release, 'node_modules');
  try {
    await execute('npm', [...options, `node@${release}`]);
    await execute('npm', ['rebuild', '--prefix', join(made.root, release)]);
    await execute(join(home, 'node', 'bin', 'node'), ['--version']);
  } catch {
    context.skip(`NOT TRIED: Node ${release} cannot be had from the npm registry here`);
  }

  const main = join(prefix(), 'lib', 'node_modules', 'etcd-tls-audit', 'dist', 'cli', 'main.js');
  const node = join(home, 'node', 'bin', 'node');

  expect((await execute(node, ['--version'])).stdout).toMatch(new RegExp(`^v${release}\\.`));
  expect((await execute(node, [main, 'checks'])).stdout).toContain('unknown-authority');
  expect((await execute(node, [main, '--version'])).stdout).toBe(`${version}\n`);
});

const consumer = `import { audit, explain, InputError, type Report, type Severity } from 'etcd-tls-audit';
import schema from 'etcd-tls-audit/schemas/report.schema.json' with { type: 'json' };

const report: Report = await audit({ paths: ['certs'], maps: [] });
const worst: readonly Severity[] = report.results
  .filter(({ verdict }) => verdict.status === 'fail')
  .map(({ check }) => check.severity);
const code: string = new InputError('NOTHING_FOUND', 'nothing').code;
// @ts-expect-error a report has no such thing
report.nonsense;
export { code, explain, schema, worst };
`;

test('another project compiles against its types', async () => {
  const project = join(made.root, 'project');
  await cp('test/package/consumer', project, { recursive: true });
  await writeFile(join(project, 'main.ts'), consumer);
  await symlink(join(prefix(), 'lib', 'node_modules'), join(project, 'node_modules'));

  const types = ['--typeRoots', resolve('node_modules/@types')];
  const { stdout } = await execute(resolve('node_modules/.bin/tsc'), ['-p', project, ...types]);

  expect(stdout).toBe('');
});
