import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../support/audit-twice.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import { directoryWith } from '../../support/directory.ts';
import { isMissing } from '../../support/missing.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

skipWithout('etcd');

const hour = 3_600_000;
const lastWeek = {
  validFrom: new Date(Date.now() - 300 * hour),
  validTo: new Date(Date.now() - hour),
};
const live = { timeoutMs: 8000, concurrency: 16, negativeProbes: true, discover: false };
const started: AsyncDisposable[] = [];
let etcd: RunningEtcd;
let open: RunningEtcd;
let elsewhere: string;
let peerElsewhere: string;

beforeAll(async () => {
  if (isMissing('etcd')) return;
  etcd = await startEtcd();
  open = await startEtcd({ clientAuth: false });
  const relay = await relayAt('127.0.0.9', etcd.client.port);
  const peerRelay = await relayAt('127.0.0.1', etcd.peer.port);
  started.push(etcd, open, relay, peerRelay);
  elsewhere = relay.url;
  peerElsewhere = peerRelay.url;
  const other = await issueAuthority({ commonName: 'another CA' });
  await put('another-ca', other);
  await put('foreign', await other.issue({ usages: ['clientAuth'] }));
  await put('expired', await etcd.authority.issue({ usages: ['clientAuth'], ...lastWeek }));
  await put('server-only', await etcd.authority.issue({ usages: ['serverAuth'] }));
}, 60_000);

afterAll(async () => {
  for (const one of started) await one[Symbol.asyncDispose]();
});

test.each([
  { what: 'another CA', ca: 'another-ca', check: 'served-certificate-refused' },
  { what: 'a certificate of another CA', cert: 'foreign', check: 'right-certificate-refused' },
  { what: 'an expired certificate', cert: 'expired', check: 'right-certificate-refused' },
  { what: 'no clientAuth', cert: 'server-only', check: 'right-certificate-refused' },
  { what: 'a host in no SAN', at: 'elsewhere', check: 'served-certificate-refused' },
  { what: 'a port open to anyone', at: 'open', ca: 'open', check: 'client-port-admits-anonymous' },
])('$what: $check', async ({ ca = 'ca', cert = 'client', at, check }) => {
  const report = await auditAs({ ca, cert, at });

  expect(report.verdict).toMatchObject({ status: 'fail', scope: 'client' });
  expect(failed(report)).toContain(check);
});

test.each([
  { what: 'another CA', ca: 'another-ca' },
  { what: 'a host in no SAN', at: 'elsewhere' },
])(
  '$what: the connection is no accepted one, and part of the finding',
  async ({ ca = 'ca', at }) => {
    const report = await auditAs({ ca, cert: 'client', at });

    expect(report.forecast).toMatchObject([
      { observed: { outcome: 'refused', refusedBy: 'client' } },
    ]);
    expect(failed(report)).toContain('served-certificate-refused');
    expect(failed(report)).not.toContain('handshake-refused');
  },
);

test('an empty CA file is the one cause of the connections that fail for it', async () => {
  await writeFile(etcd.file('empty'), '');
  const report = await auditAs({ ca: 'empty', cert: 'client' });

  const [edge] = report.forecast;
  expect(edge).toMatchObject({ outcome: 'refused', rule: 'x509.unknown-authority' });
  expect(edge?.observed?.error).toContain('x509: certificate signed by unknown authority');
  expect(failed(report)).toContain('empty-authority-file');
  expect(failed(report)).not.toContain('handshake-refused');
});

test.each([
  { what: 'another CA', ca: 'another-ca', theirs: 'CA-CLIENT', cert: 'foreign', ours: 'CA-SERVER' },
  { what: 'a host in no SAN', at: 'elsewhere', theirs: 'SAN', cert: 'foreign', ours: 'CA-SERVER' },
  { what: 'another CA', ca: 'another-ca', theirs: 'CA-CLIENT', cert: 'expired', ours: 'EXPIRED' },
])(
  '$what, and a certificate that the port rejects: each side has its own cause',
  async ({ ca = 'ca', at, cert, theirs, ours }) => {
    const report = await auditAs({ ca, cert, at });

    expect(causeOf(report, 'served-certificate-refused')).toContain(`[${theirs}]`);
    const ownCause = causeOf(report, 'right-certificate-refused');
    expect(ownCause).toContain(`[${ours}]`);
    expect(ownCause).not.toContain(`[${theirs}]`);
  },
);

test('a sound client of a sound member passes', async () => {
  const report = await auditAs({ ca: 'ca', cert: 'client' });

  expect(report.verdict).toMatchObject({ status: 'pass', scope: 'client' });
  expect(failed(report)).toEqual([]);
});

test('the same where its files are pipes, which give their content once', async () => {
  await using directory = await directoryWith({});
  const pipe = (name: string): string => {
    const path = directory.at(name);
    execFileSync('mkfifo', [path]);
    spawn('sh', ['-c', 'exec cat "$0" > "$1"', etcd.file(name), path], { stdio: 'ignore' });
    return path;
  };

  const { verdict } = await audit({
    paths: [],
    maps: [],
    you: {
      endpoints: [etcd.client.url],
      trustedCaFile: pipe('ca'),
      certificateFile: pipe('client'),
      keyFile: pipe('client-key'),
    },
    live,
  });

  expect(verdict).toMatchObject({ status: 'pass', scope: 'client' });
});

test.each([
  { what: 'has expired', leaf: lastWeek, check: 'certificate-expired' },
  {
    what: 'lacks serverAuth',
    leaf: { usages: ['clientAuth'] },
    check: 'served-certificate-refused',
  },
] as const)('a server certificate that $what: $check', async ({ leaf, check }) => {
  await using broken = await startEtcd({ serverLeaf: leaf });

  const report = await auditAs({ ca: 'ca', cert: 'client', of: broken });

  expect(report.verdict).toMatchObject({ status: 'fail', scope: 'client' });
  expect(failed(report)).toContain(check);
});

test('an expired server certificate does not hide that its host or its CA is wrong', async () => {
  await using broken = await startEtcd({ serverLeaf: lastWeek });
  await using relay = await relayAt('127.0.0.9', broken.client.port);

  const named = await auditAs({ ca: 'ca', cert: 'client', at: relay.url, of: broken });
  expect(failed(named)).toEqual(['certificate-expired', 'served-certificate-refused']);
  expect(causeOf(named, 'served-certificate-refused')).toContain('[SAN]');

  const trusted = await auditAs({ ca: 'another-ca', cert: 'client', of: broken });
  expect(failed(trusted)).toEqual(['certificate-expired', 'served-certificate-refused']);
  expect(causeOf(trusted, 'served-certificate-refused')).toContain('[CA-CLIENT]');

  const both = await auditAs({ ca: 'another-ca', cert: 'client', at: relay.url, of: broken });
  expect(causeOf(both, 'served-certificate-refused')).toMatch(/\[SAN\][^]*\[CA-CLIENT\]/);
});

test.each([
  { what: 'a peer port', at: () => etcd.peer.url },
  { what: 'a peer port at another address than its own', at: () => peerElsewhere },
])('$what of any number, whose certificate is right, serves no clients', async ({ at }) => {
  const report = await auditAs({ ca: 'ca', cert: 'client', at: at() });

  expect(report.verdict.status).toBe('fail');
  expect(
    report.results.find(({ check }) => check.id === 'handshake-refused')?.verdict,
  ).toMatchObject({
    fix: `Connect to the client URLs of m1: port ${new URL(at()).port} is for peers.`,
  });
  expect(failed(report)).toEqual(['handshake-refused']);
  expect(report.forecast.filter(({ edge }) => edge === 'client')).toMatchObject([
    { outcome: 'refused', observed: { outcome: 'refused', refusedBy: 'server' } },
  ]);
});

test('a client whose settings name the peer port is rejected on the wire as it is by the files', async () => {
  const env = {
    ETCDCTL_ENDPOINTS: `${etcd.client.url},${etcd.peer.url}`,
    ETCDCTL_CACERT: etcd.file('ca'),
    ETCDCTL_CERT: etcd.file('client'),
    ETCDCTL_KEY: etcd.file('client-key'),
  };
  const settings = {
    ETCD_NAME: 'default',
    ETCD_LISTEN_CLIENT_URLS: etcd.client.url,
    ETCD_ADVERTISE_CLIENT_URLS: etcd.client.url,
    ETCD_LISTEN_PEER_URLS: etcd.peer.url,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: etcd.peer.url,
    ETCD_INITIAL_CLUSTER: `default=${etcd.peer.url}`,
  };
  await using directory = await directoryWith({
    'etcdctl.env': linesOf(env),
    'etcd.env': linesOf(settings),
  });
  const { forecast } = await audit({
    paths: [directory.path, ...['ca', 'client', 'client-key'].map((name) => etcd.file(name))],
    maps: [],
    live,
  });

  const ofEtcdctl = forecast.filter(({ edge, from }) => edge === 'client' && from === 'etcdctl');
  expect(ofEtcdctl.map(({ to, observed }) => [to, observed?.outcome])).toEqual([
    [etcd.client.url, 'accepted'],
    [etcd.peer.url, 'refused'],
  ]);
});

test('with nothing but a URL it is not decided, and says what to give', async () => {
  const { verdict } = await audit({
    paths: [],
    maps: [],
    you: { endpoints: [etcd.client.url] },
    live,
  });

  expect(verdict).toMatchObject({ status: 'incomplete', scope: 'client' });
  expect(verdict.next).toContain('--cacert');
});

async function auditAs({
  ca,
  cert,
  at,
  of = at === 'open' ? open : etcd,
}: {
  readonly ca: string;
  readonly cert: string;
  readonly at?: string | undefined;
  readonly of?: RunningEtcd;
}) {
  const ofIts = ['ca', 'client', 'client-key'];
  const file = (name: string) => (ofIts.includes(name) ? of : etcd).file(name);
  return await audit({
    paths: [],
    maps: [],
    you: {
      endpoints: [endpointOf(at) ?? of.client.url],
      trustedCaFile: ca === 'open' ? open.file('ca') : file(ca),
      certificateFile: file(cert),
      keyFile: file(`${cert}-key`).replace('client.pem-key', 'client-key.pem'),
    },
    live,
  });
}

function failed({ results }: Awaited<ReturnType<typeof audit>>): readonly string[] {
  return results
    .filter(
      ({ verdict, check }) =>
        verdict.status === 'fail' && (check.severity === 'high' || check.severity === 'critical'),
    )
    .map(({ check }) => check.id);
}

function causeOf({ results }: Awaited<ReturnType<typeof audit>>, id: string): string {
  const verdicts = results.filter(({ check }) => check.id === id).map(({ verdict }) => verdict);
  return verdicts.flatMap((each) => (each.status === 'fail' ? (each.cause ?? '') : [])).join('\n');
}

function endpointOf(at: string | undefined): string | undefined {
  if (at === 'elsewhere') return elsewhere;
  return at === 'open' ? undefined : at;
}

function linesOf(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function put(name: string, { certificatePem, privateKeyPem }: Issued): Promise<void> {
  await writeFile(etcd.file(name), certificatePem);
  await writeFile(etcd.file(`${name}-key`), privateKeyPem, { mode: 0o600 });
}

/** Another address of the same port, as NAT or a balancer gives it one. */
async function relayAt(host: string, port: number) {
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(port, '127.0.0.1');
    for (const socket of [from, to]) sockets.add(socket.on('error', () => undefined));
    from.pipe(to).pipe(from);
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `https://${host}:${bound}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
