import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  appendFile,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { version } from '../../src/version.ts';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { run } from '../../testcluster/run.ts';
import { ownArchitecture } from '../../tools/executable/node.ts';
import { executableOf } from '../../tools/executable/output.ts';
import { isMissing } from '../support/missing.ts';
import { skipWithout } from '../support/skip-without.ts';
import { builtExecutable } from './executables.ts';
import { emptyRoot, type Root } from './root.ts';

const needed = ['chroot', 'go', 'packaging'] as const;
skipWithout(...needed);

const execute = promisify(execFile);
const name = executableOf(ownArchitecture());
const [debian, redHat] = ownArchitecture() === 'x64' ? ['amd64', 'x86_64'] : ['arm64', 'aarch64'];
const made: { directory: string; root?: Root } = { directory: '' };

/** Packs the executable, and gives dpkg a root of its own that has the libraries of this machine. */
beforeAll(async () => {
  if (needed.some(isMissing)) return;
  made.directory = await mkdtemp(resolve('.cache', 'packages-'));
  for (const end of ['', '.NOTICES.txt']) {
    await link(`${builtExecutable()}${end}`, join(made.directory, `${name}${end}`));
  }
  await execute('npx', ['tsx', 'tools/packages/main.ts', '--output', made.directory]);
  made.root = await emptyRoot(builtExecutable());
  const state = join(made.root.path, 'var', 'lib', 'dpkg');
  for (const folder of ['info', 'updates', 'triggers']) {
    await mkdir(join(state, folder), { recursive: true });
  }
  await cp('/var/lib/dpkg/status', join(state, 'status'));
});

afterAll(async () => {
  await made.root?.[Symbol.asyncDispose]();
  await rm(made.directory, { recursive: true, force: true });
});

function root(): Root {
  if (made.root === undefined) throw new Error('there is no root file system');
  return made.root;
}

async function dpkg(...args: readonly string[]): Promise<string> {
  const { stdout } = await execute('dpkg', [`--root=${root().path}`, ...args]);
  return stdout;
}

test('the deb installs, runs, audits as its timer does, and leaves nothing behind', async () => {
  const at = (path: string) => join(root().path, path);
  await dpkg('--install', join(made.directory, `etcd-tls-audit_${version}_${debian}.deb`));
  const files = (await dpkg('--listfiles', 'etcd-tls-audit')).split('\n').filter(isOwn);
  const { stdout } = await root().run('/usr/bin/etcd-tls-audit', '--version');
  await writeCertSet(at('etc/etcd'), { settings: 'seed' });
  await mkdir(at('var/lib/etcd-tls-audit'));
  const audited = await root().run(...(await commandOfService(at)));
  const metrics = await readFile(at('var/lib/etcd-tls-audit/etcd-tls-audit.prom'), 'utf8');

  expect(stdout.trim()).toBe(version);
  expect(audited).toMatchObject({ code: 1 });
  expect(metrics).toContain('etcd_tls_audit_passed');
  expect(files.filter((file) => !existsSync(at(file)))).toEqual([]);
  expect(files).toContain('/usr/lib/systemd/system/etcd-tls-audit.timer');

  await dpkg('--purge', 'etcd-tls-audit');
  expect(files.filter((file) => existsSync(at(file)))).toEqual([]);
});

test('the manual page and the completions are what their readers take', async () => {
  const { path } = root();
  const deb = join(made.directory, `etcd-tls-audit_${version}_${debian}.deb`);
  const unpacked = join(path, 'unpacked');
  await execute('dpkg-deb', ['--extract', deb, unpacked]);
  const share = join(unpacked, 'usr', 'share');
  const page = join(share, 'man', 'man1', 'etcd-tls-audit.1.gz');
  const { stdout: shown } = await execute('mandoc', ['-T', 'ascii', page]);
  // Bold is a character, a backspace and the character again.
  const parts = shown.split('\b');
  const text = [...parts.slice(0, -1).map((part) => part.slice(0, -1)), ...parts.slice(-1)].join(
    '',
  );

  expect(await run('mandoc', ['-T', 'lint', '-W', 'error', page])).toMatchObject({ code: 0 });
  for (const command of program(() => undefined).commands) {
    expect(text).toContain(`etcd-tls-audit ${command.name()} `);
    const options = command.options.filter(({ hidden }) => !hidden);
    for (const { flags } of options) expect(text).toContain(flags);
  }
  for (const [shell, file] of [
    ['bash', 'bash-completion/completions/etcd-tls-audit'],
    ['zsh', 'zsh/vendor-completions/_etcd-tls-audit'],
    ['fish', 'fish/vendor_completions.d/etcd-tls-audit.fish'],
  ] as const) {
    expect(await run(shell, ['-n', join(share, file)])).toMatchObject({ code: 0, stderr: '' });
  }
});

test('the rpm installs, runs, and leaves nothing behind', async () => {
  const packed = join(made.directory, `etcd-tls-audit-${version}-1.${redHat}.rpm`);
  await using redHatRoot = await emptyRoot(builtExecutable());
  const rpm = (...args: readonly string[]) =>
    execute('rpm', [`--root=${redHatRoot.path}`, ...args]);
  await rpm('--initdb');
  // The C library was not put there by rpm.
  await rpm('--install', '--nodeps', packed);
  const { stdout: listed } = await rpm('--query', '--list', 'etcd-tls-audit');
  const files = listed
    .trim()
    .split('\n')
    .map((file) => join(redHatRoot.path, file));
  const plugin = await redHatRoot.run('/usr/bin/kubectl-etcd_tls_audit', '--version');

  expect(plugin.stdout.trim()).toBe(version);
  expect(files.length).toBeGreaterThan(9);
  expect(files.filter((file) => !existsSync(file))).toEqual([]);

  await rpm('--erase', 'etcd-tls-audit');
  expect(files.filter((file) => existsSync(file))).toEqual([]);
  const { stdout: required } = await execute('rpm', ['-qp', '--requires', packed]);
  expect(required).toContain('glibc >= 2.28');
});

test('systemd takes every line of the timer and the service', async () => {
  const deb = join(made.directory, `etcd-tls-audit_${version}_${debian}.deb`);
  const host = join(root().path, 'host');
  await execute('dpkg-deb', ['--extract', deb, host]);
  const units = '/usr/lib/systemd/system';
  for (const target of (await readdir(units)).filter((file) => file.endsWith('.target'))) {
    // The units refer to them.
    await copyFile(join(units, target), join(host, units, target));
  }
  const names = ['timer', 'service'].map((kind) => `${units}/etcd-tls-audit.${kind}`);
  const verify = () => run('systemd-analyze', ['verify', '--man=no', `--root=${host}`, ...names]);

  expect(await verify()).toMatchObject({ code: 0, stderr: '' });
  await appendFile(join(host, units, 'etcd-tls-audit.timer'), '[Timer]\nOnCalender=daily\n');
  expect((await verify()).stderr).toContain('OnCalender');
});

test("Homebrew's formula names the npm package, and Ruby reads it", async () => {
  const formula = join(made.directory, 'etcd-tls-audit.rb');
  const tarball = await readFile(join(made.directory, `etcd-tls-audit-${version}.tgz`));
  const text = await readFile(formula, 'utf8');

  expect(await run('ruby', ['-wc', formula])).toMatchObject({ code: 0, stderr: '' });
  expect(text).toContain(`sha256 "${createHash('sha256').update(tarball).digest('hex')}"`);
  expect(text).not.toMatch(/\{(?:version|npm)\}/);
});

test('the rpm holds the same files', async () => {
  const rpm = join(made.directory, `etcd-tls-audit-${version}-1.${redHat}.rpm`);
  const deb = join(made.directory, `etcd-tls-audit_${version}_${debian}.deb`);
  const { stdout: listed } = await execute('rpm', ['-qpl', rpm]);
  const { stdout: packed } = await execute('dpkg-deb', ['--contents', deb]);
  const inDeb = [...packed.matchAll(/ \.(\/\S*[^/\s])(?: ->.*)?$/gm)].map(([, path = '']) =>
    path.replace('vendor-completions', 'site-functions'),
  );

  const directories = ['/usr/share/doc/etcd-tls-audit'];
  expect(listed.trim().split('\n').toSorted()).toEqual([...inDeb, ...directories].toSorted());
});

test("the manifest for kubectl's plugin manager names the archive, which holds the plugin", async () => {
  const archive = join(made.directory, `${name}.tar.gz`);
  const digest = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex');
  const manifest = await readFile(join(made.directory, 'etcd-tls-audit.krew.yaml'), 'utf8');
  const unpacked = join(root().path, 'plugin');
  await mkdir(unpacked);
  await execute('tar', ['-xzf', archive, '-C', unpacked]);
  const { stdout } = await root().run('/plugin/kubectl-etcd_tls_audit', '--help');

  expect(manifest).toContain(`sha256: '${digest}'`);
  expect(manifest).not.toMatch(/\{(?:version|x64|arm64)\}/);
  expect(stdout).toMatch(/^Usage: kubectl etcd-tls-audit /);
});

/** Directories are shared with other packages. */
function isOwn(path: string): boolean {
  return /etcd[-_]tls[-_]audit/.test(path);
}

/** The command line of the unit, with the variables of its file as systemd puts them in. */
async function commandOfService(at: (path: string) => string): Promise<readonly string[]> {
  const unit = await readFile(at('usr/lib/systemd/system/etcd-tls-audit.service'), 'utf8');
  const settings = await readFile(at('etc/default/etcd-tls-audit'), 'utf8');
  const values = new Map(
    [...settings.matchAll(/^(\w+)="?(.*?)"?$/gm)].map(([, key = '', value = '']) => [key, value]),
  );
  const [, line = ''] = /^ExecStart=(.*)$/m.exec(unit) ?? [];
  return line.split(' ').flatMap((word) => {
    const whole = /^\$(\w+)$/.exec(word)?.[1];
    if (whole !== undefined) return (values.get(whole) ?? '').split(' ');
    return [word.replaceAll(/\$\{(\w+)\}/g, (_, key: string) => values.get(key) ?? '')];
  });
}
