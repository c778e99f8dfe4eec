import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checks } from '../../../src/checks/index.ts';
import { observe } from '../support/observe.ts';
import { frontAt } from '../../../src/deployment/fronts.ts';
import { etcdBinaries } from '../../../testcluster/etcd-binaries.ts';
import { verdicts } from '../../support/verdicts.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { isMissing } from '../../support/missing.ts';
import { closedPort } from '../support/servers.ts';
import { endpoint, type RunningEtcd, startEtcd } from '../support/start-etcd.ts';
import { deployed } from '../../support/seen.ts';

skipWithout('etcd', 'proxies');

const ready = !isMissing('etcd') && !isMissing('proxies');
const fronts = [
  'pass-through',
  'nginx-verifying',
  'nginx-open',
  'nginx-not-found',
  'haproxy-tls',
  'haproxy-two-members',
  'haproxy-dead',
  'grpc-proxy',
  'gateway',
] as const;
type Front = (typeof fronts)[number];

const ports = new Map<Front, number>();
const started: AsyncDisposable[] = [];
let etcd: RunningEtcd;
let other: RunningEtcd;

beforeAll(async () => {
  if (!ready) return;
  etcd = await startEtcd();
  other = await startEtcd();
  started.push(etcd, other);
  for (const front of fronts) ports.set(front, (await closedPort()).port);
  const directory = await mkdtemp(join(tmpdir(), 'fronts-'));
  await writeFile(join(directory, 'pair.pem'), await pair(etcd));
  const plain = await etcd.authority.issue({ organization: 'proxy', usages: ['clientAuth'] });
  await writeFile(join(directory, 'proxy.pem'), plain.certificatePem);
  await writeFile(join(directory, 'proxy-key.pem'), plain.privateKeyPem);
  await writeFile(join(directory, 'nginx.conf'), nginxConfiguration(directory));
  await writeFile(join(directory, 'haproxy.cfg'), haproxyConfiguration(directory));
  const { etcd: program } = await etcdBinaries();
  started.push(
    start('nginx', ['-e', join(directory, 'errors'), '-c', join(directory, 'nginx.conf')]),
    start('haproxy', ['-db', '-f', join(directory, 'haproxy.cfg')]),
    start(program, grpcProxyFlags(directory)),
    start(program, [
      'gateway',
      'start',
      `--endpoints=127.0.0.1:${etcd.client.port}`,
      `--listen-addr=127.0.0.1:${portOf('gateway')}`,
    ]),
    { [Symbol.asyncDispose]: async () => await rm(directory, { recursive: true, force: true }) },
  );
  for (const port of ports.values()) await listens(port);
}, 60_000);

afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
});

test.each([
  { front: 'pass-through', kind: undefined, outcomes: 'refused admitted refused' },
  { front: 'gateway', kind: undefined, outcomes: 'refused admitted refused' },
  { front: 'nginx-verifying', kind: 'tls-end', outcomes: 'refused admitted refused' },
  { front: 'nginx-open', kind: 'tls-end', outcomes: 'admitted admitted admitted' },
  { front: 'nginx-not-found', kind: 'another-service', outcomes: 'unclear unclear unclear' },
  { front: 'haproxy-tls', kind: 'tls-end', outcomes: 'admitted admitted admitted' },
  { front: 'haproxy-two-members', kind: 'balancer', outcomes: 'refused' },
  { front: 'haproxy-dead', kind: 'another-service', outcomes: 'unclear unclear unclear' },
  { front: 'grpc-proxy', kind: 'grpc-proxy', outcomes: 'refused admitted refused' },
] as const)('$front: $kind', async ({ front, kind, outcomes }) => {
  const facts = await look(front);
  const [seen] = facts.endpoints;

  expect(seen && frontAt(seen.endpoint.url, facts)?.kind).toBe(kind);
  expect(outcomesOf(facts)).toMatch(outcomes);
  const failed = findings(facts);
  expect(failed.includes('endpoint-behind-proxy')).toBe(
    kind !== undefined && kind !== 'another-service',
  );
  expect(failed.includes('endpoint-unreachable')).toBe(kind === 'another-service');
  // A proxy's own list of one member is no reason to add or remove any.
  expect(failed).not.toContain('unstarted-member');
  expect(failed).not.toContain('unknown-member');
});

async function look(front: Front) {
  const credential = (owner: string) => ({
    owner,
    certificateFile: etcd.file(owner),
    keyFile: etcd.file(`${owner}-key`),
  });
  const endpoints = [endpoint(`https://127.0.0.1:${portOf(front)}`, 'client')];
  const { gaps: _gaps, ...facts } = await observe({
    endpoints,
    credentials: { client: credential('client'), members: [] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 8000,
    concurrency: 64,
    negativeProbes: true,
  });
  return deployed(facts, endpoints);
}

/** What nobody, the client and the foreigner got. */
function outcomesOf({ admissions }: Awaited<ReturnType<typeof look>>): string {
  const got = (who: string) => admissions.find(({ presented }) => presented === who)?.outcome;
  return ['nothing', 'client', 'foreign'].map(got).join(' ');
}

function findings(facts: Awaited<ReturnType<typeof look>>): readonly string[] {
  return checks
    .filter(({ id }) =>
      [
        'endpoint-behind-proxy',
        'endpoint-unreachable',
        'unstarted-member',
        'unknown-member',
      ].includes(id),
    )
    .filter((check) => verdicts(check, facts).some(({ status }) => status === 'fail'))
    .map(({ id }) => id);
}

function portOf(front: Front): number {
  const port = ports.get(front);
  if (port === undefined) throw new Error(`no port for ${front}`);
  return port;
}

async function pair(of: RunningEtcd): Promise<string> {
  return `${await readFile(of.file('m1'), 'utf8')}${await readFile(of.file('m1-key'), 'utf8')}`;
}

function nginxConfiguration(directory: string): string {
  const listen = (front: Front, more = '') =>
    `listen 127.0.0.1:${portOf(front)} ssl${more}; ssl_certificate ${etcd.file('m1')}; ssl_certificate_key ${etcd.file('m1-key')};`;
  const etcdAt = `127.0.0.1:${etcd.client.port}`;
  const as = (kind: string) =>
    `${kind}_ssl_certificate ${etcd.file('client')}; ${kind}_ssl_certificate_key ${etcd.file('client-key')};`;
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(directory, kind)};`,
  );
  return `
    daemon off; pid ${join(directory, 'pid')}; events {}
    http { access_log off; ${paths.join(' ')}
      server { ${listen('nginx-verifying', ' http2')}
        ssl_client_certificate ${etcd.file('ca')}; ssl_verify_client on;
        location / { grpc_pass grpcs://${etcdAt}; ${as('grpc')} } }
      server { ${listen('nginx-open')} location / { proxy_pass https://${etcdAt}; ${as('proxy')} } }
      server { ${listen('nginx-not-found')} location / { return 404; } }
    }`;
}

function section(front: Front, bind: string, ...lines: readonly string[]): readonly string[] {
  return [
    `listen ${front}`,
    `  bind 127.0.0.1:${portOf(front)}${bind}`,
    ...lines.map((line) => `  ${line}`),
  ];
}

function haproxyConfiguration(directory: string): string {
  const pem = join(directory, 'pair.pem');
  return [
    'defaults',
    '  mode tcp',
    '  timeout connect 2s',
    '  timeout client 9s',
    '  timeout server 9s',
    ...section('pass-through', '', `server one 127.0.0.1:${etcd.client.port}`),
    ...section(
      'haproxy-two-members',
      '',
      'balance roundrobin',
      `server one 127.0.0.1:${etcd.client.port}`,
      `server two 127.0.0.1:${other.client.port}`,
    ),
    ...section(
      'haproxy-tls',
      ` ssl crt ${pem}`,
      `server one 127.0.0.1:${etcd.client.port} ssl verify none crt ${pem}`,
    ),
    ...section('haproxy-dead', ` ssl crt ${pem}`, 'mode http', 'server one 127.0.0.1:1'),
    '',
  ].join('\n');
}

function grpcProxyFlags(directory: string): readonly string[] {
  return [
    'grpc-proxy',
    'start',
    `--endpoints=${etcd.client.url}`,
    `--listen-addr=127.0.0.1:${portOf('grpc-proxy')}`,
    `--advertise-client-url=127.0.0.1:${portOf('grpc-proxy')}`,
    `--cacert=${etcd.file('ca')}`,
    `--cert=${join(directory, 'proxy.pem')}`,
    `--key=${join(directory, 'proxy-key.pem')}`,
    `--cert-file=${etcd.file('m1')}`,
    `--key-file=${etcd.file('m1-key')}`,
    `--trusted-ca-file=${etcd.file('ca')}`,
  ];
}

function start(program: string, flags: readonly string[]): AsyncDisposable {
  const child = spawn(program, flags, {
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
    stdio: 'ignore',
  });
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function listens(port: number): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isThere) return;
    await pause(100);
  }
  throw new Error(`nothing listens on ${port}`);
}
