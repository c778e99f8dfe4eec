import { execFile, execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('git', 'preCommit');

const made = { root: '', revision: '' };

/** The sources as a git repository of their own, and two sets to judge in another one. */
beforeAll(async () => {
  made.root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-hook-'));
  const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' }).split('\0');
  for (const file of files.filter(Boolean)) {
    await mkdir(dirname(at('source', file)), { recursive: true });
    await copyFile(file, at('source', file));
  }
  commit('source');
  made.revision = git('source', 'rev-parse', 'HEAD').trim();
  await writeCertSet(at('user', 'sound'), { settings: 'fixed' });
  await writeCertSet(at('user', 'broken'), { settings: 'seed' });
  commit('user');
}, 60_000);

afterAll(() => rm(made.root, { recursive: true, force: true }));

function at(...names: readonly string[]): string {
  return join(made.root, ...names);
}

function git(repository: string, ...args: readonly string[]): string {
  const who = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
  return execFileSync('git', [...who, ...args], { cwd: at(repository), encoding: 'utf8' });
}

function commit(repository: string): void {
  git(repository, 'init', '--quiet');
  git(repository, 'add', '--all', '--force');
  git(repository, 'commit', '--quiet', '--message', 'All');
}

/** Runs pre-commit with a hook that is cloned from the sources by URL and revision. */
async function preCommit(directory: string) {
  const config = {
    repos: [
      {
        repo: `file://${at('source')}`,
        rev: made.revision,
        hooks: [{ id: 'etcd-tls-audit', args: [directory] }],
      },
    ],
  };
  await writeFile(at('user', '.pre-commit-config.yaml'), JSON.stringify(config));
  git('user', 'add', '.pre-commit-config.yaml');
  return await new Promise<{ readonly code: number; readonly output: string }>((settle) => {
    const env = { ...process.env, PRE_COMMIT_HOME: at('cache') };
    const options = { cwd: at('user'), env, maxBuffer: 1e8 };
    const child = execFile('pre-commit', ['run', '--all-files'], options, (_error, out, errors) =>
      settle({ code: child.exitCode ?? -1, output: out + errors }),
    );
  });
}

test('the hook is cloned, builds itself once, and judges', { timeout: 600_000 }, async () => {
  const sound = await preCommit('sound');
  const broken = await preCommit('broken');

  expect(sound.output).toMatch(/etcd TLS audit\.+Passed/);
  expect(sound.code).toBe(0);
  expect(broken.output).toMatch(/Failed[^]*client-port-admits-anonymous/);
  expect(broken.code).toBe(1);
});
