import { describe, expect, test } from 'vitest';
import { authorityOfSameNameWithAnotherKey } from '../../src/checks/chain/authority-of-same-name-with-another-key.ts';
import { unknownAuthority } from '../../src/checks/chain/unknown-authority.ts';
import { knownAdvisory } from '../../src/checks/cluster/known-advisory.ts';
import { etcdSharesKubernetesAuthority } from '../../src/checks/cluster/etcd-shares-kubernetes-authority.ts';
import { gatewayConnectionRejected } from '../../src/checks/handshake/gateway-connection-rejected.ts';
import { handshakeRefused } from '../../src/checks/handshake/handshake-refused.ts';
import { advertisedNameNotInCertificate } from '../../src/checks/name/advertised-name-not-in-certificate.ts';
import { oneWayPeerHandshakes } from '../../src/checks/cluster/one-way-peer-handshakes.ts';
import { peerSourceNotInCertificate } from '../../src/checks/handshake/peer-source-not-in-certificate.ts';
import { crlOutOfDate } from '../../src/checks/revocation/crl-out-of-date.ts';
import { serverCertificateWithoutClientAuth } from '../../src/checks/usage/server-certificate-without-client-auth.ts';
import type { CatalogueEntry } from '../../src/model/check.ts';
import type { Facts } from '../../src/model/evidence.ts';
import type { Edge } from '../../src/model/forecast.ts';
import {
  authority,
  certificateFile,
  certificateSet,
  client,
  edge,
  file,
  files,
  leaf,
  member,
  members,
  revocationList,
  set,
  status,
} from '../fixtures/builders.ts';
import type { RefusalRule } from '../../src/model/refusal.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import { containing } from '../support/containing.ts';

const node1 = leaf({ name: 'node1', ipAddresses: ['10.0.0.1'] });
const blame = { file: 'node1.pem', sha256: node1.sha256, subject: node1.subject.text };

function refused(rule: RefusalRule, differences: Partial<Edge> = {}): Edge {
  return edge({ outcome: 'refused', refusedBy: 'server', rule, blame, ...differences });
}

function failures(check: CatalogueEntry, facts: Partial<Facts>) {
  return verdicts(check, facts).filter(({ status: outcome }) => outcome === 'fail');
}

test('one certificate refused in many places is one finding that lists them', () => {
  const forecast = ['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5'].map((host) =>
    refused('x509.unknown-authority', { to: `https://${host}:2380` }),
  );
  const facts = { ...certificateSet(), forecast };

  const { results } = reportOn(unknownAuthority, facts);

  expect(results.filter(({ verdict }) => verdict.status === 'fail')).toMatchObject([
    { folded: forecast.map(({ target }) => target.name) },
  ]);
  expect(failures(handshakeRefused, facts)).toEqual([]);
});

test('what no other check finds is still found, and what another one finds is not said twice', () => {
  const facts = certificateSet();
  const unknown = { ...facts, forecast: [refused('tls.oversized-key')] };
  const known = { ...facts, forecast: [refused('x509.unknown-authority')] };

  expect(failures(handshakeRefused, unknown)).toMatchObject([
    { actual: 'refused by node2 (tls.oversized-key)' },
  ]);
  expect(failures(handshakeRefused, known)).toEqual([]);
});

test('a rule that has a check of its own is not passed over when that check finds nothing', () => {
  const facts = { ...certificateSet(), forecast: [refused('x509.expired')] };

  expect(failures(handshakeRefused, facts)).toHaveLength(1);
});

test('what depends on more than files is neither green nor red', () => {
  const unsure = edge({ outcome: 'not-sure', rule: 'x509.system-roots', dependsOn: ['the roots'] });
  const facts = { ...certificateSet(), forecast: [unsure] };

  expect(verdicts(handshakeRefused, facts)).toEqual([
    { status: 'inconclusive', because: 'the outcome depends on the roots' },
  ]);
});

test('what was seen to succeed is no refusal', () => {
  const seen = refused('x509.expired', { observed: { outcome: 'accepted' } });

  expect(verdicts(handshakeRefused, { ...certificateSet(), forecast: [seen] })).toEqual([
    { status: 'pass' },
  ]);
});

test('a member that trusts an empty file refuses every client, and that is one finding at the file', () => {
  const facts = {
    ...certificateSet({ files: files(file('ca.pem')), members: members() }),
    forecast: [refused('x509.unknown-authority', { member: 'node1' })],
  };

  expect(failures(unknownAuthority, facts)).toEqual([]);
  expect(failures(handshakeRefused, facts)).toEqual([]);
});

test('a CA at fault that is no leaf of a member or client is a finding at its file', () => {
  const { subject, sha256 } = authority();
  const forecast = [
    refused('x509.unknown-authority', { blame: { file: 'ca.pem', subject: subject.text, sha256 } }),
  ];

  const results = reportOn(unknownAuthority, { ...certificateSet(), forecast }).results;

  expect(results.filter(({ verdict }) => verdict.status === 'fail')).toMatchObject([
    { target: { kind: 'file', name: 'ca.pem' } },
  ]);
});

describe('a member that dials itself', () => {
  const self = {
    edge: 'self',
    from: 'node1',
    to: 'https://10.0.0.1:2379',
    member: 'node1',
    port: 'client',
  } as const;
  const serverOnly = certificateSet({
    files: files(
      certificateFile(
        'node1.pem',
        leaf({ name: 'node1', usages: ['serverAuth'], ipAddresses: ['10.0.0.1'] }),
      ),
    ),
    clients: [client({ name: 'patroni', speaks: 'gateway' })],
  });

  const expired = leaf({
    name: 'node1',
    ipAddresses: ['10.0.0.1'],
    with: { notAfter: '2025-01-01T00:00:00Z' },
  });
  const expiredSet = certificateSet({ files: files(certificateFile('node1.pem', expired)) });

  test.each([
    {
      what: 'lacks the usage',
      facts: serverOnly,
      forecast: [refused('x509.key-usage', self)],
      usage: 1,
      gateway: 0,
    },
    {
      what: 'has a certificate of another CA',
      facts: certificateSet(),
      forecast: [refused('x509.unknown-authority', self)],
      usage: 0,
      gateway: 1,
    },
    {
      what: 'trusts another CA, as a peer does for itself',
      facts: certificateSet(),
      forecast: [refused('x509.unknown-authority', self), refused('x509.unknown-authority')],
      usage: 0,
      gateway: 1,
    },
    {
      what: 'has a certificate of a CA that nobody trusts',
      facts: certificateSet({ files: files(certificateFile('node1.pem', node1), file('ca.pem')) }),
      forecast: [refused('x509.unknown-authority', self), refused('x509.unknown-authority')],
      usage: 0,
      gateway: 0,
    },
    {
      what: 'has expired',
      facts: expiredSet,
      forecast: [refused('x509.expired', { ...self, blame: { sha256: expired.sha256 } })],
      usage: 0,
      gateway: 0,
    },
    {
      what: 'lacks the usage where nobody is asked for a certificate',
      facts: serverOnly,
      forecast: [edge(self)],
      usage: 0,
      gateway: 0,
    },
  ])('$what: usage $usage, gateway $gateway', ({ facts, forecast, usage, gateway }) => {
    expect(failures(serverCertificateWithoutClientAuth, { ...facts, forecast })).toHaveLength(
      usage,
    );
    expect(failures(gatewayConnectionRejected, { ...facts, forecast })).toHaveLength(gateway);
    expect(failures(unknownAuthority, { ...facts, forecast }).length).toBe(
      forecast.filter((each) => each.edge === 'peer').length,
    );
  });

  test('says which connections it breaks', () => {
    const facts = { ...serverOnly, forecast: [refused('x509.key-usage', self)] };

    expect(failures(serverCertificateWithoutClientAuth, facts)).toMatchObject([
      { message: containing('the JSON gateway, which patroni uses, fails') },
    ]);
  });
});

const leftOpen = { status: 'inconclusive', because: 'the outcome depends on DNS' } as const;

test.each([
  { who: 'a member that only DNS can judge is left open', wanted: 'accepted', expected: leftOpen },
  {
    who: 'a client at the peer port is no member',
    wanted: 'refused',
    expected: { status: 'pass' },
  },
] as const)('the source address of $who', ({ wanted, expected }) => {
  const unsure = edge({
    wanted,
    outcome: 'not-sure',
    rule: 'etcd.peer-san',
    blame,
    dependsOn: ['DNS'],
  });
  const facts = { ...certificateSet({ clients: [] }), forecast: [unsure] };

  expect(verdicts(peerSourceNotInCertificate, facts)).toEqual([expected]);
});

test.each([
  { nextUpdate: '2025-12-31T23:59:59Z', outcome: 'fail' },
  { nextUpdate: '2026-01-01T00:00:00Z', outcome: 'pass' },
  { nextUpdate: undefined, outcome: 'pass' },
])('a list to be replaced at $nextUpdate: $outcome', ({ nextUpdate, outcome }) => {
  const { nextUpdate: _date, ...undated } = revocationList();
  const list = nextUpdate === undefined ? undated : { ...undated, nextUpdate };
  const facts = {
    files: files(file('crl.der', { revocationList: list })),
    members: members({ client: { crlFile: set('crl.der') } }),
  };

  expect(verdicts(crlOutOfDate, facts)).toMatchObject([{ status: outcome }]);
});

test('a list where no client is asked for a certificate is not judged', () => {
  const plain = member({ client: { crlFile: set('crl.der') } });
  const { trustedCaFile: _ca, clientCertAuth: _auth, ...open } = plain.settings.client;
  const facts = {
    files: files(
      file('crl.der', { revocationList: revocationList({ nextUpdate: '2020-01-01T00:00:00Z' }) }),
    ),
    members: [{ ...plain, settings: { ...plain.settings, client: open } }],
  };

  expect(verdicts(crlOutOfDate, facts)).toEqual([{ status: 'not-applicable' }]);
});

test.each([
  {
    what: 'a client certificate as kubeadm makes it',
    name: 'kube-apiserver-etcd-client',
    found: 0,
  },
  { what: 'a kubelet', name: 'system:node:a', found: 1 },
  { what: 'a scheduler', name: 'system:kube-scheduler', found: 1 },
  { what: 'an API server as a client of etcd', name: 'kube-apiserver', found: 0 },
  { what: 'a peer as OpenShift names it', name: 'system:etcd-peers', found: 0 },
])('$what by the CA of etcd: $found', ({ name, found }) => {
  const facts = certificateSet({
    files: files(
      certificateFile('pki/x.crt', leaf({ name, usages: ['clientAuth'], noNames: true })),
    ),
  });

  expect(failures(etcdSharesKubernetesAuthority, facts)).toHaveLength(found);
});

test('whose CA it is does not follow from the name of a certificate that an etcd client uses', () => {
  const kubelet = certificateFile('client.pem', leaf({ name: 'system:node:a', noNames: true }));
  const others = certificateSet().files.filter(({ path }) => path !== 'client.pem');

  expect(
    failures(etcdSharesKubernetesAuthority, certificateSet({ files: [...others, kubelet] })),
  ).toEqual([]);
});

test('the certificate that an API server serves is of Kubernetes', () => {
  const served = leaf({ name: 'kube-apiserver', dnsNames: ['kubernetes.default'] });
  const facts = certificateSet({ files: files(certificateFile('pki/apiserver.crt', served)) });

  expect(failures(etcdSharesKubernetesAuthority, facts)).toHaveLength(1);
});

test('a CA of the same name and another key is another CA', () => {
  const kubelet = leaf({ name: 'system:node:a', with: { authorityKeyId: 'aa' } });
  const facts = certificateSet({
    files: files(
      certificateFile('pki/kubelet.crt', kubelet),
      certificateFile('ca.pem', authority('etcd-ca', { subjectKeyId: 'bb' })),
    ),
  });

  expect(failures(etcdSharesKubernetesAuthority, facts)).toEqual([]);
});

describe('published flaws', () => {
  test.each([
    {
      version: '3.4.23',
      found: ['CVE-2023-32082', 'CVE-2026-33413', 'CVE-2026-33343', 'GHSA-6vch-q96h-7gc3'],
    },
    { version: '3.5.27', found: ['CVE-2026-33413', 'CVE-2026-33343', 'GHSA-6vch-q96h-7gc3'] },
    { version: '3.5.33', found: [] },
    { version: '3.6.13', found: ['GHSA-6vch-q96h-7gc3'] },
    { version: '3.7.1', found: [] },
  ])('$version has $found', ({ version, found }) => {
    const [verdict] = verdicts(knownAdvisory, { members: [member({ version })] });

    const message = verdict?.status === 'fail' ? verdict.message : '';
    expect(message.match(/(CVE|GHSA)-[\w-]+/g) ?? []).toEqual(found);
  });

  test('are not held against a version that was only supposed', () => {
    const supposed = { value: '3.4.0', origin: { via: 'assumed' } } as const;

    expect(
      verdicts(knownAdvisory, { members: [member({ with: { etcdVersion: supposed } })] }),
    ).toEqual([{ status: 'not-applicable' }]);
  });

  test('are those of the version that runs, whatever the settings say', () => {
    const facts = {
      members: [member({ version: '3.4.0' })],
      statuses: [status({ version: '3.6.14' })],
    };

    expect(verdicts(knownAdvisory, facts)).toEqual([{ status: 'pass' }]);
  });
});

test('the address that a member advertises and dials from is missing once', () => {
  const elsewhere = leaf({ name: 'node1', ipAddresses: ['10.9.9.9'] });
  const facts = {
    ...certificateSet({ files: files(certificateFile('node1.pem', elsewhere)) }),
    forecast: [
      refused('etcd.peer-san', {
        blame: { ...blame, sha256: elsewhere.sha256, names: ['10.0.0.1'] },
      }),
    ],
  };

  expect(failures(advertisedNameNotInCertificate, facts)).toHaveLength(1);
  expect(failures(peerSourceNotInCertificate, facts)).toEqual([]);
  expect(failures(handshakeRefused, facts)).toEqual([]);
});

describe('peer handshakes in one direction', () => {
  const names = ['node1', 'node2', 'node3'];
  const pairs = names.flatMap((from) =>
    names.filter((to) => to !== from).map((to) => `${from} ${to}`),
  );
  const mesh = (broken: readonly string[]): readonly Edge[] =>
    pairs.map((pair) => {
      const [from = '', to = ''] = pair.split(' ');
      const ends = { from, member: to, to: `https://${to}:2380` };
      return broken.includes(pair) ? refused('etcd.peer-san', ends) : edge(ends);
    });

  test.each([
    { what: 'none refused', broken: [], message: undefined },
    {
      what: 'one member refused by both others, who reach it',
      broken: ['node1 node2', 'node1 node3'],
      message: undefined,
    },
    {
      what: 'two members that reach each other through the third alone',
      broken: ['node2 node1', 'node3 node1', 'node2 node3', 'node3 node2'],
      message:
        '4 of 6 peer handshakes are rejected while the cluster looks healthy: the loss of node1 costs the quorum',
    },
  ])('$what: $message', ({ broken, message }) => {
    const [verdict] = verdicts(oneWayPeerHandshakes, {
      members: members(),
      forecast: mesh(broken),
    });

    expect(verdict?.status === 'fail' ? verdict.message : undefined).toBe(message);
  });
});

test('a CA made again is one finding at its file, whatever it had issued; one leaf astray is at the leaf', () => {
  const both = certificateSet({ members: members() });
  const ofNode2 = leaf({
    name: 'node2',
    dnsNames: ['localhost', 'node2.example'],
    ipAddresses: ['10.0.0.2', '127.0.0.1'],
  });
  const one = refused('x509.same-name-other-key');
  const other = refused('x509.same-name-other-key', {
    from: 'node2',
    blame: { file: 'node2.pem', sha256: ofNode2.sha256 },
  });
  const found = (forecast: readonly Edge[]) =>
    reportOn(authorityOfSameNameWithAnotherKey, { ...both, forecast }).results.filter(
      ({ verdict }) => verdict.status === 'fail',
    );

  expect(found([one])).toMatchObject([{ target: { name: 'node1.pem' } }]);
  expect(found([one, other])).toMatchObject([
    {
      target: { name: 'ca.pem' },
      verdict: { message: containing('peer certificate of node1 and node2') },
    },
  ]);
});
