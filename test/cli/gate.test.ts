import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { nodesOf } from '../../testcluster/nodes.ts';
import { planOf } from '../../testcluster/plan.ts';
import { writePlan } from '../../testcluster/write-plan.ts';
import { entry } from '../support/program.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('git');

const made = { repository: '' };

beforeAll(async () => {
  made.repository = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-gate-'));
  git('init', '--quiet');
  await writeCertSet(at('deploy/etcd'), { settings: 'fixed' });
  commit('A sound set');
});

afterAll(() => rm(made.repository, { recursive: true }));

function at(name: string): string {
  return join(made.repository, name);
}

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], {
    cwd: made.repository,
  });
}

function commit(message: string): void {
  git('add', '.');
  git('commit', '--quiet', '-m', message);
}

/** A pull request that reissues the certificate of node1 without the address that is dialled. */
async function dropAddress(): Promise<void> {
  const options = { settings: 'fixed', runtime: 'docker', keys: 'ecdsa' } as const;
  const plan = planOf({ ...options, nodes: nodesOf('docker') });
  const { node_1: leaf } = plan.recipe.leaves;
  if (leaf === undefined) throw new Error('there is no node_1');
  const leaves = { ...plan.recipe.leaves, node_1: { ...leaf, hosts: ['10.9.9.9', 'localhost'] } };
  await rm(at('deploy'), { recursive: true });
  await writePlan({ ...plan, recipe: { ...plan.recipe, leaves } }, at('deploy/etcd'));
  commit('New certificates');
}

interface Step {
  readonly code: number;
  readonly stdout: string;
}

/** Runs a command in the repository with `etcd-tls-audit` on the PATH. */
async function shell(command: string, variables: Readonly<Record<string, string>> = {}) {
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH: `${at('.git')}:${PATH}`, HOME, ...variables };
  const program = `#!/bin/sh\nexec ${process.execPath} ${entry} "$@"\n`;
  await writeFile(at('.git/etcd-tls-audit'), program, { mode: 0o755 });
  return await new Promise<Step>((settle) => {
    const options = { cwd: made.repository, env };
    const child = execFile('bash', ['-c', command], options, (_error, stdout) =>
      settle({ code: child.exitCode ?? -1, stdout }),
    );
  });
}

async function action(
  inputs: Readonly<Record<string, string>> = {},
): Promise<Step & { readonly summary: string; readonly output: string }> {
  const [summary, output] = [at('.git/summary'), at('.git/output')];
  await writeFile(summary, '');
  await writeFile(output, '');
  const step = await shell(`bash ${resolve('examples/github-action.sh')}`, {
    AUDIT_PATHS: 'deploy/etcd',
    AUDIT_SARIF: '.git/audit.sarif',
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_OUTPUT: output,
    RUNNER_TEMP: at('.git'),
    ...inputs,
  });
  return {
    ...step,
    summary: await readFile(summary, 'utf8'),
    output: await readFile(output, 'utf8'),
  };
}

/** What follows a word on the only line of a file that has it. */
function after(word: string, file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const [line = '', ...others] = lines.filter((text) => text.includes(word));
  if (others.length > 0) throw new Error(`${file} has "${word}" more than once`);
  return line.slice(line.indexOf(word) + word.length);
}

/** What the script of the hook runs in the end. */
const hook = 'etcd-tls-audit check';
const gitlab = after('- etcd-tls-audit ', 'examples/gitlab-ci.yml');

test('a sound set passes every gate', async () => {
  expect(await action()).toMatchObject({ code: 0, output: 'findings=0\n' });
  expect(await shell(`${hook} deploy/etcd`)).toMatchObject({ code: 0 });
  expect(await shell(`etcd-tls-audit ${gitlab}`)).toMatchObject({ code: 0 });
});

test('a change that drops an address is stopped, with an annotation at its file and line', async () => {
  await dropAddress();

  const { code, stdout, summary, output } = await action();

  expect(code).toBe(1);
  expect(stdout).toMatch(
    /^::error file=deploy\/etcd\/[^,]+,line=\d+,.*title=high%3A advertised-name-not-in-certificate::/m,
  );
  expect(summary).toContain('advertised-name-not-in-certificate');
  expect(output).toMatch(/^findings=[1-9]\d*\n$/);
  expect(await readFile(at('.git/audit.sarif'), 'utf8')).toContain('"2.1.0"');
  expect(await shell(`${hook} deploy/etcd`)).toMatchObject({ code: 1 });
  expect(await shell(`etcd-tls-audit ${gitlab}`)).toMatchObject({ code: 1 });
  expect(await readFile(at('etcd-tls-audit.xml'), 'utf8')).toContain('<testsuites');
});

test('the action runs the script that is tested here', () => {
  expect(after(' run: ', 'action.yml')).toBe(
    'bash "$GITHUB_ACTION_PATH/examples/github-action.sh"',
  );
});

test('every line of an input counts, whatever is in it, and no result of an earlier run', async () => {
  const odd = ['a b', `it's "quoted"`, '--quiet', '$(touch owned)', '*'];
  for (const name of odd) {
    await mkdir(at(name), { recursive: true });
    await writeFile(join(at(name), 'ca.crt'), await readFile(at('deploy/etcd/certs/ca_cert.pem')));
  }
  const { code, output } = await action({ AUDIT_PATHS: `deploy/etcd\n${odd.join('\n')}\n\n` });
  const lost = await action({ AUDIT_PATHS: 'nowhere' });
  const saved = await readFile(at('.git/audit.sarif'), 'utf8').catch(() => 'none');
  const loud = await action({
    AUDIT_ARGUMENTS: '--only\ncertificate-expired\n--etcd-version\n3.5.21',
  });

  expect(code).not.toBe(2);
  expect(output).toMatch(/^findings=\d+\n$/);
  expect(lost).toMatchObject({ code: 2, output: '', summary: '' });
  expect(saved).toBe('none');
  expect(loud.code).not.toBe(2);
  await expect(readFile(at('owned'))).rejects.toThrow('ENOENT');
});

test('no version floats, and nothing comes from the npm registry by the name of the program', () => {
  const files = ['action.yml', 'examples/gitlab-ci.yml', 'examples/github-action.sh'];
  const texts = files.map((file) => readFileSync(file, 'utf8')).join('\n');

  expect(texts).not.toContain('latest');
  expect(texts).not.toMatch(/\bnpx\b|npm (?:exec|install --global etcd)/);
});

test('on GitHub the action runs what is built from its own checkout', async () => {
  const script = at('.git/checkout/examples/pre-commit-hook.sh');
  await mkdir(at('.git/checkout/examples'), { recursive: true });
  await writeFile(script, 'echo "built here: $*"\nexit 3\n');

  const { code, stdout } = await action({ GITHUB_ACTION_PATH: at('.git/checkout') });

  expect(code).toBe(3);
  expect(stdout).toContain('built here: --fail-on=high --report github');
  expect(stdout).toMatch(/-- deploy\/etcd$/m);
});

test('the hook is the script that builds what it runs', () => {
  expect(after('entry: ', '.pre-commit-hooks.yaml')).toBe('examples/pre-commit-hook.sh');
  expect(after('language: ', '.pre-commit-hooks.yaml')).toBe('script');
});
