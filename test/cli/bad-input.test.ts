import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../support/program.ts';
import { type Sets, writeSets } from '../support/sets.ts';

const made: { sets?: Sets; http?: Server; port: number } = { port: 0 };

beforeAll(async () => {
  made.sets = await writeSets();
  await mkdir(at('nothing'));
  await writeFile(at('nothing', 'notes.txt'), 'hello');
  await mkdir(at('empty'));
  execFileSync('mkfifo', [at('pipe')]);
  await writeFile(at('junk.pem'), randomBytes(65_536));
  await writeFile(at('big.pem'), '');
  await truncate(at('big.pem'), 100 * 1024 * 1024);
  await mkdir(at('loops'));
  await symlink('.', at('loops', 'itself'));
  await symlink('circle', at('loops', 'circle'));
  await writeFile(at('broken.yaml'), 'members:\n  - name: a\n   foo: [\n');
  await writeFile(at('unknown.yaml'), 'members:\n  - nam: a\n');
  await writeFile(at('unversioned.yaml'), 'clusters:\n  - members: [{ name: a }]\n');
  made.http = createServer((socket) => {
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
    socket.on('error', () => socket.destroy());
  });
  await new Promise<void>((settle) => made.http?.listen(0, '127.0.0.1', settle));
  const address = made.http.address();
  made.port = typeof address === 'object' && address !== null ? address.port : 0;
});

afterAll(async () => {
  made.http?.close();
  await made.sets?.[Symbol.asyncDispose]();
});

function at(...parts: readonly string[]): string {
  return join(made.sets?.root ?? '', ...parts);
}

test.each([
  { args: 'check nothing', says: /no certificate, key, CRL or etcd settings in nothing/ },
  { args: 'check nowhere', says: /nowhere does not exist/ },
  {
    args: 'verify https://10.0.0.1:2379',
    says: /^etcd-tls-audit: https:\/\/10\.0\.0\.1:2379 does not exist\nhint: .+ with --endpoints/,
  },
  { args: 'check ', says: /a path is empty/ },
  { args: 'check fixed ', says: /a path is empty/ },
  { args: 'check fixed --cacert ', says: /--cacert is empty/ },
  { args: 'check fixed --waivers ', says: /--waivers is empty/ },
  { args: 'check fixed --baseline ', says: /--baseline is empty/ },
  { args: 'check --evidence ', says: /--evidence is empty/ },
  { args: 'check fixed --replace ', says: /--replace is empty/ },
  { args: 'explain ', says: /a path is empty/ },
  { args: 'render ', says: /a path is empty/ },
  { args: 'collect ', says: /a path is empty/ },
  { args: 'init ', says: /a path is empty/ },
  { args: 'certs ', says: /a path is empty/ },
  { args: 'check junk.pem', says: /in junk\.pem/ },
  { args: 'check big.pem', says: /big\.pem has 100 MiB/ },
  { args: 'check fixed big.pem', says: /big\.pem has 100 MiB/ },
  { args: 'check loops/circle', says: /too many levels of symbolic links/ },
  { args: 'check fixed --inventory broken.yaml', says: /broken\.yaml:3:1: / },
  { args: 'check fixed --inventory unknown.yaml', says: /unknown\.yaml:2:5: .*"nam"/ },
  { args: 'check fixed --inventory unversioned.yaml', says: /:1:1: version must be 1 or 2/ },
  { args: 'check fixed --inventory fixed', says: /fixed/ },
  { args: 'check fixed --only unknown-authorty', says: /did you mean unknown-authority\?/ },
  {
    args: 'check fixed --skip client-dials-plaintext',
    says: /has been renamed[\s\S]*client-endpoint-without-tls/,
  },
  { args: 'checks client-dials-plaintext', says: /use its new name client-endpoint-without-tls/ },
  { args: 'check fixed --skip nonsense-altogether', says: /`etcd-tls-audit checks` lists them/ },
  { args: 'check fixed --standard cis-0.1', says: /use one of cis-1\.8, / },
  { args: 'check fixed --fail-on huge', says: /use one of critical, high/ },
  { args: 'check fixed --report xml', says: /use one of text, json/ },
  { args: 'check fixed --report json --report text', says: /only one report can go to standard/ },
  { args: 'check fixed --report json=nowhere/a.json', says: /cannot write nowhere\/a\.json/ },
  { args: 'check fixed --save-evidence nowhere/e.json', says: /cannot write nowhere\/e\.json/ },
  { args: 'check --evidence junk.pem', says: /--save-evidence/ },
  { args: 'check fixed --baseline junk.pem', says: /junk\.pem is not JSON/ },
  { args: 'check fixed --waivers broken.yaml', says: /broken\.yaml:3:1: / },
  { args: 'check fixed --etcd-version newest', says: /3\.5\.21/ },
  { args: 'check fixed --etcd-version 3.5.foo', says: /3\.5\.21/ },
  { args: 'explain --set fixed --etcd-version 3.x EOF', says: /3\.5\.21/ },
  { args: 'check fixed --order node1', says: /--replace/ },
  { args: 'check fixed --replace fixed --order node9', says: /which is not a member/ },
  { args: 'check fixed --replace fixed --order node1,node1', says: /--order names "node1" twice/ },
  { args: 'check fixed --resolve etcd-1=etcd-2', says: /give a host name and an IP address/ },
  { args: 'check fixed --at 2027-02-30', says: /give a date such as 2027-01-31/ },
  { args: 'check fixed --only ', says: /--only is empty\nhint: give it a value or omit it/ },
  { args: 'check fixed --skip ,', says: /--skip is empty/ },
  { args: 'check fixed --endpoints ', says: /--endpoints is empty/ },
  { args: 'check fixed --report json=', says: /a path is empty/ },
  { args: 'check fixed --save-evidence ', says: /--save-evidence is empty/ },
  { args: 'check fixed --etcd-binary ', says: /--etcd-binary is empty/ },
  { args: 'check fixed --etcd-binary nowhere', says: /nowhere does not exist/ },
  { args: 'check fixed --etcd-binary fixed', says: /fixed is a directory/ },
  {
    args: 'check fixed --etcd-binary pipe',
    says: /pipe is a pipe\nhint: write its content to a file/,
  },
  { args: 'collect fixed --host ', says: /--host is empty/ },
  { args: 'init fixed --output ', says: /--output is empty/ },
  { args: 'check fixed --cacert fixed', says: /fixed is a directory\nhint: name a file/ },
  { args: 'verify --endpoints https://127.0.0.1:1 --cacert fixed', says: /fixed is a directory/ },
  { args: 'check fixed --color maybe', says: /use one of auto, always, never/ },
  { args: 'verify fixed --endpoints no%20url', says: /is not an endpoint URL/ },
  { args: 'verify fixed --endpoints ftp://10.0.0.1:2379', says: /is not an endpoint URL/ },
  { args: 'verify fixed --endpoints https://10.0.0.1:99999', says: /is not an endpoint URL/ },
  { args: 'verify fixed --endpoints https://::1:2379', says: /is not an endpoint URL/ },
  { args: 'verify fixed --timeout soon', says: /such as 5s or 800ms/ },
  { args: 'explain nowhere.log', says: /nowhere\.log does not exist\nhint: check the path/ },
  { args: 'render nowhere.json', says: /nowhere\.json does not exist/ },
  { args: 'check --evidence nowhere.json', says: /nowhere\.json does not exist/ },
  { args: 'explain fixed', says: /name a file, not a directory/ },
  { args: 'render junk.pem', says: /--report json=FILE/ },
  { args: 'diff junk.pem junk.pem', says: /--report json=FILE/ },
  { args: 'checks unknown-authorty', says: /did you mean unknown-authority\?/ },
  { args: 'completion tcsh', says: /use one of bash, zsh, fish/ },
  {
    args: 'check fixed --replace fixed --expiry-warning 60d',
    says: /--expiry-warning has no effect with --replace/,
  },
  { args: 'check fixed --report json=o --report sarif=o', says: /two outputs go to o\n/ },
  { args: 'check fixed --report json=o --save-evidence o', says: /two outputs go to o\n/ },
  { args: 'certs fixed --detail --report csv', says: /--detail has no effect with --report csv/ },
  {
    args: 'certs fixed --timeout 2s',
    says: /--timeout has no effect on files\nhint: give the URL/,
  },
  { args: 'check fixed --strict', says: /--strict was removed/ },
  { args: 'render fixed --quiet --verbose', says: /--quiet has no effect with --verbose/ },
  { args: 'render fixed --strict', says: /--strict was removed/ },
  {
    args: 'check fixed --at 2027-01-01 --at 2028-01-01',
    says: /--at is given twice\nhint: keep one of 2027-01-01 and 2028-01-01/,
  },
  { args: 'check fixed --quiet --verbose', says: /--quiet has no effect with --verbose/ },
  {
    args: 'check fixed --replace fixed --report json',
    says: /--report has no effect with --replace/,
  },
  {
    args: 'check fixed --standard cis-1.12 --report json',
    says: /--report has no effect with --standard/,
  },
])('$args is refused in one line with a hint', async ({ args, says }) => {
  const { code, stdout, stderr } = await runProgram(words(args), { cwd: at() });

  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^etcd-tls-audit: .+\nhint: .+\n$/);
  expect(stderr).toMatch(says);
});

test.each([
  { args: 'chekc', says: /^etcd-tls-audit: unknown command 'chekc'\nhint: did you mean check\?/ },
  {
    args: 'check --fail',
    says: /^etcd-tls-audit: unknown option '--fail'\nhint: did you mean --fail-on\?/,
  },
  {
    args: 'render',
    says: /^etcd-tls-audit: missing required argument 'report'\nhint: run with --help/,
  },
])('$args is told what was probably meant', async ({ args, says }) => {
  const { code, stderr } = await runProgram(words(args), { cwd: at() });

  expect(code).toBe(2);
  expect(stderr).toMatch(says);
  expect(stderr).toContain('run with --help');
});

test('the first run in an empty directory says what to do', async () => {
  const { code, stderr } = await runProgram(['check'], { cwd: at('empty') });

  expect(code).toBe(2);
  expect(stderr).toMatch(/\nhint: give the directory that contains them, such as .+\n$/);
});

test.each([
  {
    args: ['verify'],
    code: 2,
    says: /\nhint: give the directory .+, or the endpoints with --endpoints\n$/,
  },
  {
    args: ['verify', '--endpoints', 'https://127.0.0.1:1'],
    code: 1,
    says: /^(?!etcd-tls-audit: )/,
  },
])('$args in an empty directory', async ({ args, code, says }) => {
  const ended = await runProgram(args, { cwd: at('empty') });

  expect(ended.code).toBe(code);
  expect(ended.stderr).toMatch(says);
});

test('a certificate without its key: no name is made up for the key', async () => {
  await mkdir(at('keyless'));
  for (const name of ['ca_cert.pem', 'node_1_cert.pem', 'client_cert.pem']) {
    await cp(at('fixed', 'certs', name), at('keyless', name));
  }

  const { stdout } = await runProgram(['check', 'keyless', '--verbose'], { cwd: at() });

  expect(stdout).toContain('the private key of keyless/node_1_cert.pem');
  expect(stdout).not.toContain('_cert.key');
});

test('a directory that contains itself is read once', async () => {
  await cp(at('fixed', 'certs', 'ca_cert.pem'), at('loops', 'ca_cert.pem'));

  const { stdout, stderr } = await runProgram(['check', 'loops', '--report', 'json'], {
    cwd: at(),
  });

  expect(stderr).toBe('');
  expect(stdout).not.toContain('itself/');
});

test.each([
  { title: 'IPv6 with brackets', endpoint: () => 'https://[::1]:1', finding: 'unreachable' },
  { title: 'a dead host', endpoint: () => 'https://127.0.0.1:1', finding: 'endpoint-unreachable' },
  {
    title: 'https:// given to a port that speaks HTTP',
    endpoint: () => `https://127.0.0.1:${made.port}`,
    finding: 'HTTP',
  },
])('$title is a finding', async ({ endpoint, finding }) => {
  const { code, stdout, stderr } = await runProgram(
    ['verify', 'fixed', '--endpoints', endpoint(), '--timeout', '1s'],
    { cwd: at() },
  );

  expect(code).toBe(1);
  expect(stdout).toContain(finding);
  expect(stderr).not.toMatch(/\n\s+at /);
});

function words(args: string): readonly string[] {
  return args.split(' ').map((word) => decodeURIComponent(word));
}

test.each([
  { what: 'in HTTPS_PROXY', variables: { HTTPS_PROXY: 'http://u:secret@proxy.invalid:3128' } },
  {
    what: 'for other hosts',
    variables: { HTTPS_PROXY: 'http://proxy.invalid:3128', NO_PROXY: '.invalid' },
  },
  { what: 'nowhere', variables: {} },
])(
  'verify says that clients go through a proxy $what, and connects past it',
  async ({ what, variables }) => {
    const { stdout, stderr } = await runProgram(
      ['verify', '--endpoints=https://etcd-0.invalid:2379'],
      { env: variables },
    );

    const says = 'HTTPS_PROXY sends etcdctl (3.5 and later) and other clients to etcd-0.invalid';
    expect(stdout.replaceAll(/\s+/g, ' ').includes(says)).toBe(what === 'in HTTPS_PROXY');
    expect(stdout + stderr).not.toContain('secret');
  },
);
