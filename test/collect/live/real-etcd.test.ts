import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type LiveRequest, observe } from '../support/observe.ts';
import { issueAuthority } from '../../../testcluster/issue/issue.ts';
import { type RunningEtcd, startEtcd } from '../support/start-etcd.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { look } from '../../../src/audit.ts';
import { audit } from '../../support/audit-twice.ts';
import { liveFactsOf } from '../../../src/model/live-facts.ts';
import { deploymentOf } from '../../../src/deployment/deployment.ts';

skipWithout('etcd');

function request(etcd: RunningEtcd, changes: Partial<LiveRequest> = {}): LiveRequest {
  const credential = (owner: string) => ({
    owner,
    certificateFile: etcd.file(owner),
    keyFile: etcd.file(`${owner}-key`),
  });
  return {
    endpoints: [etcd.client, etcd.peer],
    credentials: { client: credential('client'), members: [credential('m1')] },
    trustedCaFile: etcd.file('ca'),
    timeoutMs: 20_000,
    concurrency: 64,
    negativeProbes: true,
    ...changes,
  };
}

function outcomes(
  etcd: RunningEtcd,
  { admissions }: Awaited<ReturnType<typeof observe>>,
): readonly string[] {
  return admissions
    .map(({ url, presented, tlsVersion, outcome }) =>
      [url === etcd.peer.url ? 'peer' : 'client', presented, tlsVersion, outcome].join(' '),
    )
    .toSorted();
}

test('a guarded member accepts the clients that it should, and the SAN-less client at its peer port', async () => {
  await using etcd = await startEtcd();

  const facts = await observe(request(etcd));
  const survey = await observe(request(etcd, { survey: true }));

  expect(outcomes(etcd, facts)).toEqual(
    outcomes(etcd, survey).filter((outcome) => outcome.includes(' 1.3 ')),
  );
  expect(outcomes(etcd, survey)).toEqual([
    'client client 1.2 admitted',
    'client client 1.3 admitted',
    'client foreign 1.2 refused',
    'client foreign 1.3 refused',
    'client member 1.2 admitted',
    'client member 1.3 admitted',
    'client nothing 1.2 refused',
    'client nothing 1.3 refused',
    'peer client 1.2 admitted',
    'peer client 1.3 admitted',
    'peer foreign 1.2 refused',
    'peer foreign 1.3 refused',
    'peer member 1.2 admitted',
    'peer member 1.3 admitted',
    'peer nothing 1.2 refused',
    'peer nothing 1.3 refused',
  ]);
  expect(facts.gaps).toEqual({});
});

test('three ways to the member list give the same ids, whole', async () => {
  await using etcd = await startEtcd();

  const { endpoints, memberLists, statuses } = await observe(request(etcd));

  expect(memberLists.map(({ through, outcome }) => `${through} ${outcome}`)).toEqual([
    'grpc answered',
    'etcd3 answered',
    'peer-http answered',
  ]);
  const ids = new Set(memberLists.flatMap(({ members }) => members.map(({ id }) => id)));
  const clusters = new Set(memberLists.map(({ clusterId }) => clusterId));
  expect([ids.size, clusters.size]).toEqual([1, 1]);
  expect(etcd.log()).toContain(`added member ${[...ids][0]}`);
  expect(memberLists[0]?.connection).toMatchObject({
    tlsVersion: '1.3',
    alpn: 'h2',
    leafSha256: endpoints[0]?.flight?.chain[0]?.sha256,
  });
  expect(statuses).toMatchObject([
    { outcome: 'answered', alarms: [], isLearner: false, authEnabled: false },
  ]);
  expect(statuses[0]).toMatchObject({ memberId: [...ids][0], leaderId: [...ids][0] });
});

test('the process says its release, its command line and its time', async () => {
  await using etcd = await startEtcd();

  const { processes, offers } = await observe(request(etcd, { survey: true }));

  const [client, peer] = processes;
  expect(client).toMatchObject({ presented: 'client', hasLeader: true });
  expect(client?.commandLine).toContain('--client-cert-auth');
  expect(client?.goVersion).toMatch(/^go1\./);
  expect(Date.parse(client?.startedAt ?? '')).toBeGreaterThan(0);
  expect(peer).toMatchObject({ presented: 'member', clock: { resolutionMilliseconds: 1 } });
  expect(offers).toHaveLength(2);
  expect(offers[0]).toMatchObject({
    versions: ['1.2', '1.3'],
    resumption: { ticket12: true, ticket13: true },
  });
  expect(offers[0]?.groups).toContain('x25519');
  expect(offers[0]?.incomplete).toBeUndefined();
});

test('an open client port is proved open, without any certificate', async () => {
  await using etcd = await startEtcd({ clientAuth: false });

  const facts = await observe(
    request(etcd, { endpoints: [etcd.client], credentials: { members: [] } }),
  );

  expect(outcomes(etcd, facts)).toEqual([
    'client foreign 1.3 admitted',
    'client nothing 1.3 admitted',
  ]);
  expect(facts.endpoints[0]?.flight).toMatchObject({ clientCertificateRequested: false });
  expect(facts.memberLists[0]).toMatchObject({ through: 'grpc', outcome: 'answered' });
  expect(facts.processes[0]).toMatchObject({ presented: 'nothing' });
});

test('a member that speaks plain text is seen to, whatever its URL says', async () => {
  await using etcd = await startEtcd({ plain: true });
  const pretended = { ...etcd.client, scheme: 'https', url: 'https://pretended' } as const;

  const facts = await observe(request(etcd, { endpoints: [etcd.client, pretended] }));

  // Which of the two it is depends on how much of our hello etcd had read when it gave up.
  const speaks: unknown = expect.stringMatching(/^(closed|reset)$/);
  expect(facts.endpoints).toMatchObject([
    { speaks, plaintext: 'answered' },
    { speaks, plaintext: 'answered' },
  ]);
  expect(facts.statuses).toMatchObject([{ outcome: 'answered' }, { outcome: 'answered' }]);
});

test('a certificate whose SAN is another address is closed upon, not refused', async () => {
  await using etcd = await startEtcd();
  const elsewhere = {
    owner: 'm1',
    certificateFile: etcd.file('elsewhere'),
    keyFile: etcd.file('elsewhere-key'),
  };

  const facts = await observe(
    request(etcd, { credentials: { members: [elsewhere] }, negativeProbes: false }),
  );

  expect(outcomes(etcd, facts)).toEqual(['client member 1.3 admitted', 'peer member 1.3 closed']);
  expect(facts.admissions[0]).toMatchObject({ localAddress: '127.0.0.1' });
});

test('without negative probes no intruder knocks', async () => {
  await using etcd = await startEtcd();

  const facts = await observe(request(etcd, { negativeProbes: false }));

  expect(new Set(facts.admissions.map(({ presented }) => presented))).toEqual(
    new Set(['client', 'member']),
  );
  expect(etcd.log()).not.toContain("didn't provide a certificate");
});

test('a key of another certificate is a gap, and nothing is shown with it', async () => {
  await using etcd = await startEtcd();
  const client = {
    owner: 'client',
    certificateFile: etcd.file('client'),
    keyFile: etcd.file('m1-key'),
  };

  const facts = await observe(request(etcd, { credentials: { client, members: [] } }));

  expect(facts.gaps.admissions).toContain(`${client.certificateFile}: ERR_OSSL_`);
  expect(
    facts.admissions.filter(({ presented }) => presented === 'client').map((one) => one.outcome),
  ).toEqual(['unclear', 'unclear']);
});

test('what the member list names is dialled only when it was asked for', async () => {
  await using etcd = await startEtcd();
  const lookAt = async (discover: boolean) => {
    const { timeoutMs, concurrency, negativeProbes } = request(etcd);
    const asked = {
      paths: [],
      maps: [],
      you: {
        endpoints: [etcd.client.url],
        trustedCaFile: etcd.file('ca'),
        certificateFile: etcd.file('client'),
        keyFile: etcd.file('client-key'),
      },
      live: { timeoutMs, concurrency, negativeProbes, discover },
    };
    return deploymentOf(await look(asked), asked).facts.endpoints ?? [];
  };

  const shown = await lookAt(false);
  const named = (await lookAt(true)).filter(({ supposed }) => supposed !== true);

  expect(shown.map(({ endpoint }) => endpoint.url)).toEqual([etcd.client.url]);
  expect(named.map(({ endpoint: { url, serves, member } }) => [url, serves, member])).toEqual([
    [etcd.client.url, 'client', 'm1'],
    [etcd.peer.url, 'peer', 'm1'],
  ]);
});

test('a TLS port that settings call plain text, and that admits every client', async () => {
  await using etcd = await startEtcd({ clientAuth: false });
  const { timeoutMs, concurrency, negativeProbes } = request(etcd);
  const stated = etcd.client.url.replace('https:', 'http:');
  await writeFile(
    join(etcd.directory, 'etcd.env'),
    `ETCD_NAME=m1\nETCD_LISTEN_CLIENT_URLS=${stated}\nETCD_ADVERTISE_CLIENT_URLS=${stated}\n`,
  );

  const { results } = await audit({
    paths: [join(etcd.directory, 'etcd.env')],
    maps: [],
    you: { endpoints: [etcd.client.url], trustedCaFile: etcd.file('ca') },
    live: { timeoutMs, concurrency, negativeProbes, discover: false },
  });

  const admits = results.filter(({ check }) => check.id === 'client-port-admits-anonymous');
  expect(admits).toMatchObject([
    { target: { name: etcd.client.url }, verdict: { status: 'fail' } },
  ]);
});

test('a check that is skipped asks nothing', async () => {
  await using etcd = await startEtcd();
  const { credentials, timeoutMs, concurrency, negativeProbes } = request(etcd);
  const report = await audit(
    {
      paths: [],
      maps: [],
      you: {
        endpoints: [etcd.client.url],
        trustedCaFile: etcd.file('ca'),
        ...credentials.client,
      },
      live: { timeoutMs, concurrency, negativeProbes, discover: false },
    },
    { selects: ({ id }) => id === 'endpoint-without-tls' },
  );

  expect(Object.keys(liveFactsOf(report.facts))).toEqual(['endpoints']);
  expect(report.results).toMatchObject([{ verdict: { status: 'pass' } }]);
  expect(etcd.log()).not.toContain("didn't provide a certificate");
});

test('a CA file that is not there is a gap of the ordinary client alone', async () => {
  await using etcd = await startEtcd();

  const facts = await observe(request(etcd, { trustedCaFile: '/nowhere/ca.pem' }));

  expect(facts.gaps.memberLists).toBe(
    '/nowhere/ca.pem: no such file or directory, so etcd3 was not tried',
  );
  expect(facts.memberLists.map(({ through }) => through)).toEqual(['grpc', 'peer-http']);
});

test('an ordinary client that trusts another CA says so', async () => {
  await using etcd = await startEtcd();
  const other = await issueAuthority({ commonName: 'other' });
  await writeFile(etcd.file('other-ca'), other.certificatePem);

  const { memberLists } = await observe(
    request(etcd, { endpoints: [etcd.client], trustedCaFile: etcd.file('other-ca') }),
  );

  expect(memberLists).toMatchObject([
    { through: 'grpc', outcome: 'answered' },
    { through: 'etcd3', outcome: 'failed', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  ]);
});

test('a client that is refused is told by the alert, whichever library asked', async () => {
  await using etcd = await startEtcd();
  const foreign = await issueAuthority({ commonName: 'foreign' });
  const { certificatePem, privateKeyPem } = await foreign.issue({ usages: ['clientAuth'] });
  await writeFile(etcd.file('foreign'), certificatePem);
  await writeFile(etcd.file('foreign-key'), privateKeyPem);
  const client = {
    owner: 'client',
    certificateFile: etcd.file('foreign'),
    keyFile: etcd.file('foreign-key'),
  };

  const { memberLists, statuses, processes } = await observe(
    request(etcd, { endpoints: [etcd.client], credentials: { client, members: [] } }),
  );

  expect(memberLists).toMatchObject([
    { through: 'grpc', outcome: 'failed', code: 'ALERT_42' },
    { through: 'etcd3', outcome: 'failed', code: 'ALERT_42' },
  ]);
  expect(statuses).toMatchObject([{ outcome: 'failed', code: 'ALERT_42' }]);
  expect(processes[0]?.pages).toMatchObject([{ path: '/version', outcome: 'failed' }]);
});
