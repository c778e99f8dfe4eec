import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { issueAuthority, type Issued } from '../../../testcluster/issue/issue.ts';
import { isMissing } from '../../support/missing.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';

skipWithout('etcd');

const hour = 3_600_000;
const lastWeek = {
  validFrom: new Date(Date.now() - 300 * hour),
  validTo: new Date(Date.now() - hour),
};
const started: AsyncDisposable[] = [];
let etcd: RunningEtcd;
let open: RunningEtcd;
let elsewhere: string;

beforeAll(async () => {
  if (isMissing('etcd')) return;
  etcd = await startEtcd();
  open = await startEtcd({ clientAuth: false });
  const relay = await relayAt('127.0.0.9', etcd.client.port);
  started.push(etcd, open, relay);
  elsewhere = relay.url;
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

test('a sound client of a sound member passes', async () => {
  const report = await auditAs({ ca: 'ca', cert: 'client' });

  expect(report.verdict).toMatchObject({ status: 'pass', scope: 'client' });
  expect(failed(report)).toEqual([]);
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

test('with nothing but a URL it is not decided, and says what to give', async () => {
  const { verdict } = await audit({
    paths: [],
    maps: [],
    you: { endpoints: [etcd.client.url] },
    live: { timeoutMs: 8000, concurrency: 16, negativeProbes: true, discover: false },
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
  const file = (name: string) => (name === 'ca' || name === 'client' ? of : etcd).file(name);
  return await audit({
    paths: [],
    maps: [],
    you: {
      endpoints: [at === 'elsewhere' ? elsewhere : of.client.url],
      trustedCaFile: ca === 'open' ? open.file('ca') : file(ca),
      certificateFile: file(cert),
      keyFile: file(`${cert}-key`).replace('client.pem-key', 'client-key.pem'),
    },
    live: { timeoutMs: 8000, concurrency: 16, negativeProbes: true, discover: false },
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
