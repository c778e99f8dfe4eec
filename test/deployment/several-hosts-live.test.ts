import { writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { collect } from '../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { mergeEvidence } from '../../src/deployment/merge-evidence.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const url = 'https://127.0.0.1:2379';

test.each([
  ['node1', 'node2'],
  ['node2', 'node1'],
])('what %s and %s saw at their own loopback address is kept apart', async (first, second) => {
  const report = judge(
    mergeEvidence([await seenOn(first, 'admitted'), await seenOn(second, 'refused')]),
  );
  const open = report.results.filter(
    ({ check, verdict }) =>
      check.id === 'client-port-admits-anonymous' && verdict.status === 'fail',
  );

  expect(open.map(({ target }) => [target.name, target.member])).toEqual([[url, first]]);
  expect(report.facts.admissions?.map(({ endpoint }) => [endpoint.url, endpoint.member])).toEqual([
    [`${first}:${url}`, first],
    [`${second}:${url}`, second],
  ]);
});

test('what answers at loopback, where the member does not listen, is not said to be the member', async () => {
  const apart = [await seenOn('node1', 'admitted', false), await seenOn('node2', 'refused', false)];
  const { results, facts } = judge(mergeEvidence(apart));

  expect(facts.admissions?.map(({ endpoint }) => endpoint.member)).toEqual([undefined, undefined]);
  const open = results.filter(
    ({ check, verdict }) =>
      check.id === 'client-port-admits-anonymous' && verdict.status === 'fail',
  );
  expect(open.map(({ target }) => [target.name, target.member])).toEqual([
    [`node1:${url}`, undefined],
  ]);
});

test.each([
  { what: 'a host without a member', host: 'client1', others: ['node1', 'node2'] },
  { what: 'a host whose member listens elsewhere', host: 'node1', others: ['node2'] },
])('a client of $what is not accepted by a member of another host', async ({ host, others }) => {
  const collected = await Promise.all(others.map((other) => seenOn(other, 'refused')));
  await using set = await (host === 'client1'
    ? clientHost()
    : hostWith(host, undefined, false, true));
  const own = through(await collect({ paths: [set.path], maps: [], host }));

  const { forecast } = judge(mergeEvidence([...collected, own]));

  const edges = forecast.filter(
    ({ edge, to, from }) => edge === 'client' && to === url && from.includes('etcdctl'),
  );
  expect(edges.map(({ outcome }) => outcome)).toEqual([
    host === 'client1' ? 'not-sure' : 'refused',
  ]);
});

test.each([
  { rejecting: 'node1', client: 'etcdctl' },
  { rejecting: 'node2', client: 'etcdctl-2' },
])('of two etcdctls that connect to 127.0.0.1, $rejecting rejects its own', async (each) => {
  const rejected = { outcome: 'refused', alert: 48 } as const;
  const accepted = { outcome: 'admitted' } as const;
  const hosts = await Promise.all(
    ['node1', 'node2'].map(async (host) =>
      seenByEtcdctl(host, host === each.rejecting ? rejected : accepted),
    ),
  );

  const { results } = judge(mergeEvidence(hosts));

  const found = results.flatMap(({ check, target, verdict }) =>
    verdict.status === 'fail' && /refused|differ/.test(check.id)
      ? [[check.id, target.name, verdict.message, verdict.about]]
      : [],
  );
  const port = `the client port of ${each.rejecting} at ${url}`;
  expect(found).toEqual([
    [
      'right-certificate-refused',
      `${each.rejecting}:${url}`,
      expect.stringMatching(new RegExp(`^${port} rejects .*/client.pem of ${each.client}$`)),
      [{ kind: 'edge', edge: `client ${each.client} -> ${url}` }],
    ],
  ]);
});

const clientPair = await ca.issue({ commonName: 'etcdctl', usages: ['clientAuth'] });

/** What `verify` saw on a host as its own etcdctl at loopback. The client's files are the same on each host. */
async function seenByEtcdctl(
  host: string,
  seen: { readonly outcome: 'admitted' | 'refused'; readonly alert?: number },
): Promise<Evidence> {
  await using set = await hostWith(host);
  const certificateFile = set.at('client.pem');
  await writeFile(certificateFile, clientPair.certificatePem);
  await writeFile(set.at('client-key.pem'), clientPair.privateKeyPem);
  await writeFile(set.at('etcdctl.env'), etcdctl(set, 'client'));
  const evidence = await collect({ paths: [set.path], maps: [], host });
  const file = evidence.facts.files?.find(({ path }) => path === certificateFile);
  const [block] = file?.blocks ?? [];
  const shown =
    block?.kind === 'certificate' ? { certificateSha256: block.certificate.sha256 } : {};
  const facts = {
    ...evidence.facts,
    endpoints: [{ url, addresses: ['127.0.0.1'], stages: [], speaks: 'tls' as const }],
    admissions: [
      {
        url,
        presented: 'client' as const,
        tlsVersion: '1.3' as const,
        certificateFile,
        ...shown,
        milliseconds: 1,
        ...seen,
      },
    ],
  };
  const text = serializeEvidence({ ...evidence, facts });
  return parseEvidence(text.replaceAll(set.path, '/etc/etcd'), 'evidence.json');
}

async function clientHost(): Promise<Directory> {
  const pair = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
  const directory = await directoryWith({
    'ca.pem': ca.certificatePem,
    'client.pem': pair.certificatePem,
    'client-key.pem': pair.privateKeyPem,
  });
  await writeFile(directory.at('etcdctl.env'), etcdctl(directory, 'client'));
  return directory;
}

function etcdctl(directory: Directory, name: string): string {
  return [
    `ETCDCTL_ENDPOINTS=${url}`,
    `ETCDCTL_CACERT=${directory.at('ca.pem')}`,
    `ETCDCTL_CERT=${directory.at(`${name}.pem`)}`,
    `ETCDCTL_KEY=${directory.at(`${name}-key.pem`)}`,
    '',
  ].join('\n');
}

test('what was seen at loopback alone is a finding, whatever the settings say of the other addresses', async () => {
  const { results, verdict } = judge(await seenOn('node1', 'admitted'));

  expect(verdict.status).toBe('fail');
  expect(
    results.flatMap(({ target, verdict: { status } }) => (status === 'fail' ? target.name : [])),
  ).toContain(url);
});

test('a look at the running cluster replaces what an earlier one saw', async () => {
  const before = await seenOn('node1', 'admitted');
  const evidence = await look(
    {
      paths: [],
      maps: [],
      evidence: [{ ...before, gaps: { ...before.gaps, statuses: 'an earlier gap' } }],
      you: { endpoints: ['https://127.0.0.1:1'] },
      live: { timeoutMs: 1000, concurrency: 4, negativeProbes: false, discover: false },
    },
    // It asks nothing of what the earlier look saw.
    { selects: ({ id }) => id === 'file-missing' },
  );

  expect(evidence.facts.endpoints?.map((seen) => seen.url)).toEqual(['https://127.0.0.1:1']);
  expect(evidence.facts).not.toHaveProperty('admissions');
  expect(evidence.gaps).not.toHaveProperty('statuses');
  expect(evidence.facts.files).toEqual(before.facts.files);
});

test('a file is missing only where its whole directory was looked at', async () => {
  await using set = await hostWith('node1');
  const named = [`${set.path}/node1.env`, `${set.path}/node1.pem`];

  expect(missingIn(await collect({ paths: [set.path], maps: [] }))).toEqual([]);
  expect(missingIn(await collect({ paths: named, maps: [] }))).toEqual([]);

  await using lacking = await hostWith('node1', 'absent.pem');
  const whole = await collect({ paths: [lacking.path], maps: [] });
  const hosts = [
    { ...whole, host: 'node1' },
    { ...(await collect({ paths: named, maps: [] })), host: 'node2' },
  ];
  expect(missingIn(whole)).toEqual([`node1 ${lacking.path}/absent.pem`]);
  expect(missingIn(mergeEvidence(hosts.map(through)))).toEqual([
    `node1 ${lacking.path}/absent.pem`,
  ]);
});

function through(evidence: Evidence): Evidence {
  return parseEvidence(serializeEvidence(evidence), 'evidence.json');
}

function missingIn(evidence: Evidence): readonly string[] {
  return judge(evidence)
    .results.filter(
      ({ check, verdict }) => check.id === 'file-missing' && verdict.status === 'fail',
    )
    .map(({ target }) => target.name);
}

async function seenOn(
  host: string,
  outcome: 'admitted' | 'refused',
  listens = true,
): Promise<Evidence> {
  await using set = await hostWith(host, undefined, listens);
  const evidence = await collect({ paths: [set.path], maps: [], host });
  return through({
    ...evidence,
    facts: {
      ...evidence.facts,
      endpoints: [{ url, addresses: ['127.0.0.1'], stages: [], speaks: 'tls' }],
      admissions: [{ url, presented: 'nothing', tlsVersion: '1.3', outcome, milliseconds: 1 }],
    },
  });
}

const addresses: Readonly<Record<string, string>> = { node1: '10.0.0.1', node2: '10.0.0.2' };

/** The files of a member, whose settings name the certificate. */
async function hostWith(
  name: string,
  certificate = `${name}.pem`,
  listensAtLoopback = true,
  hasClient = false,
): Promise<Directory> {
  const address = addresses[name] ?? '10.0.0.9';
  const pair = await ca.issue({
    commonName: name,
    hosts: [address, '127.0.0.1'],
    usages: ['serverAuth', 'clientAuth'],
  });
  const directory = await directoryWith({
    'ca.pem': ca.certificatePem,
    [`${name}.pem`]: pair.certificatePem,
    [`${name}-key.pem`]: pair.privateKeyPem,
  });
  const at = (file: string): string => `${directory.path}/${file}`;
  const files = {
    CERT_FILE: at(certificate),
    KEY_FILE: at(`${name}-key.pem`),
    TRUSTED_CA_FILE: at('ca.pem'),
  };
  const settings = {
    NAME: name,
    DATA_DIR: '/var/lib/etcd',
    LISTEN_CLIENT_URLS: `https://${address}:2379${listensAtLoopback ? `,${url}` : ''}`,
    ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
    LISTEN_PEER_URLS: `https://${address}:2380`,
    INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
    CLIENT_CERT_AUTH: 'true',
    PEER_CLIENT_CERT_AUTH: 'true',
    ...files,
    PEER_CERT_FILE: at(`${name}.pem`),
    PEER_KEY_FILE: files.KEY_FILE,
    PEER_TRUSTED_CA_FILE: files.TRUSTED_CA_FILE,
  };
  const text = Object.entries(settings).map(([key, value]) => `ETCD_${key}=${value}\n`);
  await writeFile(at(`${name}.env`), text.join(''));
  if (hasClient) await writeFile(at('etcdctl.env'), etcdctl(directory, name));
  return directory;
}
