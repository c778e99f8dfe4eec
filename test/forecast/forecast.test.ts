import { beforeAll, describe, expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import type { Edge } from '../../src/model/forecast.ts';
import type { Client, Member } from '../../src/model/inventory.ts';
import { filesOf, matches, set } from '../support/facts.ts';
import type { LeafOptions } from '../support/pki.ts';
import { deploy, type Deviation, evidenceOf, lifetime, outcomeOf } from './deployment.ts';

function edgesOf(deployment: Parameters<typeof evidenceOf>[0]): readonly Edge[] {
  return forecast(evidenceOf(deployment));
}

function refusals(edges: readonly Edge[]): readonly string[] {
  return edges
    .filter(({ outcome, wanted }) => wanted === 'accepted' && outcome !== 'accepted')
    .map(({ target, outcome, rule }) => `${target.name}: ${outcome} ${rule}`);
}

describe('a sound cluster', () => {
  let edges: readonly Edge[];
  beforeAll(async () => {
    edges = edgesOf(await deploy());
  });

  test('has every handshake accepted that ought to be', () => {
    expect(refusals(edges)).toEqual([]);
    expect(edges.filter(({ edge }) => edge === 'client')).toHaveLength(1);
    expect(edges.filter(({ edge }) => edge === 'peer')).toHaveLength(6);
    expect(edges.filter(({ edge }) => edge === 'self')).toHaveLength(3);
    expect(edges.find(({ edge }) => edge === 'self')?.target.name).toMatch(
      /^node1 to itself \(https:\/\/[\d.]+:2379\)$/,
    );
  });

  test('lets no intruder in, and shows what becomes of a certificate in the wrong role', () => {
    const intruders = edges.filter(({ edge, member }) => edge === 'intruder' && member === 'node1');

    expect(
      intruders.map(({ from, port, wanted, ...edge }) => ({
        from,
        port,
        wanted,
        ...outcomeOf({ from, port, wanted, ...edge }),
      })),
    ).toEqual([
      {
        from: 'nobody',
        port: 'client',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'tls.no-client-certificate',
        clientError: 'remote error: tls: certificate required',
        serverError: "tls: client didn't provide a certificate",
      },
      {
        from: 'foreign',
        port: 'client',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'node1',
        port: 'client',
        wanted: 'either',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'nobody',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'tls.no-client-certificate',
        clientError: 'remote error: tls: certificate required',
        serverError: "tls: client didn't provide a certificate",
      },
      {
        from: 'foreign',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
      {
        from: 'etcdctl',
        port: 'peer',
        wanted: 'refused',
        outcome: 'refused',
        refusedBy: 'server',
        rule: 'x509.unknown-authority',
        clientError: 'remote error: tls: unknown certificate authority',
        serverError:
          'tls: failed to verify certificate: x509: certificate signed by unknown authority',
      },
    ]);
  });

  test('names every edge once', () => {
    const names = edges.map(({ target }) => target.name);

    expect(new Set(names).size).toBe(names.length);
  });
});

interface PeerCase {
  readonly title: string;
  readonly node2: Deviation;
  /** Edges that fail: `from>to rule side`. */
  readonly fails: readonly string[];
}

const paths = filesOf('node2');
const ownFiles = [...Object.values(paths), filesOf('node1').peerKey];

const peerCases: readonly PeerCase[] = [
  {
    title: 'a peer certificate for servers alone is refused where it dials',
    node2: { peerLeaf: { usages: ['serverAuth'] } },
    fails: ['node2>node1 x509.key-usage server', 'node2>node3 x509.key-usage server'],
  },
  {
    title: 'a peer certificate for clients alone is refused by who dials it',
    node2: { peerLeaf: { usages: ['clientAuth'] } },
    fails: ['node1>node2 x509.key-usage client', 'node3>node2 x509.key-usage client'],
  },
  {
    title: 'an expired peer certificate fails both ways, each time at the side that verifies it',
    node2: { peerLeaf: { validTo: new Date('2026-03-01T00:00:00Z') } },
    fails: [
      'node1>node2 x509.expired client',
      'node2>node1 x509.expired server',
      'node2>node3 x509.expired server',
      'node3>node2 x509.expired client',
    ],
  },
  {
    title: 'names that cover neither the URL nor the source address fail both ways',
    node2: { peerLeaf: { hosts: ['10.9.9.9'] } },
    fails: [
      'node1>node2 x509.host-name client',
      'node2>node1 etcd.peer-san server',
      'node2>node3 etcd.peer-san server',
      'node3>node2 x509.host-name client',
    ],
  },
  {
    title: 'an address translated on the way costs one direction alone',
    node2: { member: { addresses: ['192.168.7.7'] } },
    fails: ['node2>node1 etcd.peer-san server', 'node2>node3 etcd.peer-san server'],
  },
  {
    title: 'allowed common names are asked of those who are dialled as well',
    node2: { peer: { allowedCns: set(['node2']) } },
    fails: [
      'node1>node2 etcd.name-not-allowed server',
      'node2>node1 etcd.name-not-allowed client',
      'node2>node3 etcd.name-not-allowed client',
      'node3>node2 etcd.name-not-allowed server',
    ],
  },
  {
    title: 'a member that shows the key of another certificate does not start',
    node2: {
      peer: { keyFile: set(filesOf('node1').peerKey) },
      member: { files: matches(...ownFiles) },
    },
    fails: [
      'node1>node2 tls.key-of-another-certificate start',
      'node2>node1 tls.key-of-another-certificate never-dials',
      'node2>node3 tls.key-of-another-certificate never-dials',
      'node3>node2 tls.key-of-another-certificate start',
    ],
  },
  {
    title: 'a plain peer port is dialled with TLS in vain',
    node2: { settings: { listenPeerUrls: set(['http://10.0.0.2:2380']) } },
    fails: ['node1>node2 tls.tls-to-plaintext client', 'node3>node2 tls.tls-to-plaintext client'],
  },
  {
    title: 'a plain URL that is advertised for a TLS port is dialled in vain',
    node2: { settings: { initialAdvertisePeerUrls: set(['http://10.0.0.2:2380']) } },
    fails: ['node1>node2 tls.plaintext-to-tls server', 'node3>node2 tls.plaintext-to-tls server'],
  },
  {
    title: 'without a CA of its own a member trusts the system, which knows no private CA',
    node2: {
      settings: {
        peer: {
          certFile: set(paths.peerCertificate),
          keyFile: set(paths.peerKey),
          clientCertAuth: set(false),
        },
      },
    },
    fails: ['node2>node1 x509.system-roots client', 'node2>node3 x509.system-roots client'],
  },
  {
    title: 'a generated certificate is refused, and verifies nobody itself',
    node2: { settings: { peer: { autoTls: set(true) } } },
    fails: [
      'node1>node2 etcd.generated-certificate client',
      'node2>node1 etcd.generated-certificate server',
      'node2>node3 etcd.generated-certificate server',
      'node3>node2 etcd.generated-certificate client',
    ],
  },
  {
    title: 'suites for RSA alone do not go with ECDSA certificates in TLS 1.2',
    node2: {
      settings: {
        tlsMaxVersion: set('TLS1.2'),
        cipherSuites: set(['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256']),
      },
    },
    fails: [
      'node1>node2 tls.no-common-suite server',
      'node2>node1 tls.no-common-suite server',
      'node2>node3 tls.no-common-suite server',
      'node3>node2 tls.no-common-suite server',
    ],
  },
];

describe('peers', () => {
  test.each(peerCases)('$title', async ({ node2, fails }) => {
    const edges = edgesOf(await deploy({ node2 })).filter(({ edge }) => edge === 'peer');

    expect(
      edges
        .filter(({ outcome }) => outcome !== 'accepted')
        .map(({ from, member, rule, refusedBy }) => `${from}>${member} ${rule} ${refusedBy}`)
        .toSorted(),
    ).toEqual(fails);
  });

  test('a nameless certificate for dialling passes from every address', async () => {
    const deployment = await deploy({
      node2: {
        member: {
          addresses: ['192.168.7.7'],
          files: matches(...ownFiles, 'pki/nameless.crt', 'pki/nameless.key'),
        },
        peer: { clientCertFile: set('pki/nameless.crt'), clientKeyFile: set('pki/nameless.key') },
      },
    });
    const nameless = await deployment.peerCa.issue({
      commonName: 'node2',
      usages: ['clientAuth'],
      ...lifetime,
    });
    const files = {
      ...deployment.files,
      'pki/nameless.crt': nameless.certificatePem,
      'pki/nameless.key': nameless.privateKeyPem,
    };

    expect(refusals(edgesOf({ ...deployment, files }))).toEqual([]);
  });

  test('a proxy on the way leaves open from where a peer is seen to come', async () => {
    const processEnvironment = { HTTPS_PROXY: set('http://proxy:3128') };
    const edges = edgesOf(await deploy({ node2: { settings: { processEnvironment } } }));
    const connection = edges.find(({ edge, from }) => edge === 'peer' && from === 'node2');

    expect(connection).toMatchObject({
      outcome: 'not-sure',
      rule: 'etcd.peer-san',
      dependsOn: ['the source address of the proxy http://proxy:3128'],
    });
  });

  test('the file that stands for the roots of the system is taken for them where it is given', async () => {
    const processEnvironment = { SSL_CERT_FILE: set('pki/peer-ca.crt') };
    const peer = {
      certFile: set(paths.peerCertificate),
      keyFile: set(paths.peerKey),
      clientCertAuth: set(true),
    };
    const edges = edgesOf(await deploy({ node2: { settings: { peer, processEnvironment } } }));

    expect(refusals(edges)).toEqual([]);
  });

  const unanswered =
    'DNS: the PTR record of 10.0.0.2 naming node2.test, or node2.test resolving to 10.0.0.2';

  test.each<readonly [string, Partial<Member>, Partial<Edge>]>([
    [
      'depends on DNS that was not asked',
      {},
      { outcome: 'not-sure', rule: 'etcd.peer-san', dependsOn: [unanswered] },
    ],
    [
      'is accepted where DNS answers so',
      { forwardAddresses: { 'node2.test': ['10.0.0.2'] } },
      { outcome: 'accepted', rule: 'etcd.mutual-tls' },
    ],
    [
      'is accepted by its reverse name',
      { reverseNames: { '10.0.0.2': ['node2.test.'] } },
      { outcome: 'accepted', rule: 'etcd.mutual-tls' },
    ],
    [
      'is refused where DNS knows better',
      { forwardAddresses: { 'node2.test': ['10.0.0.9'] }, reverseNames: { '10.0.0.2': [] } },
      {
        outcome: 'refused',
        rule: 'etcd.peer-san',
        serverError: 'tls: "10.0.0.2" does not match any of DNSNames ["node2.test"]',
      },
    ],
  ])('a peer certificate with host names alone %s', async (_title, answers, expected) => {
    const deployment = await deploy({
      node2: {
        peerLeaf: { hosts: ['node2.test'] },
        settings: { initialAdvertisePeerUrls: set(['https://node2.test:2380']) },
        member: answers,
      },
    });
    const connection = edgesOf(deployment).find(
      ({ edge, from }) => edge === 'peer' && from === 'node2',
    );

    expect(connection).toMatchObject(expected);
  });
});

interface ClientCase {
  readonly title: string;
  readonly leaf?: LeafOptions;
  readonly client?: Partial<Client>;
  readonly node1?: Deviation;
  readonly expected: Partial<Edge>;
}

const handshakeFailed = 'transport: authentication handshake failed: ';

const clientCases: readonly ClientCase[] = [
  {
    title: 'a certificate for servers alone is refused by the server',
    leaf: { usages: ['serverAuth'] },
    expected: {
      outcome: 'refused',
      refusedBy: 'server',
      rule: 'x509.key-usage',
      clientError: 'remote error: tls: bad certificate',
      serverError:
        'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
    },
  },
  {
    title: 'an older Go says it in its own words',
    leaf: { usages: ['serverAuth'] },
    node1: { member: { goVersion: set('1.19.8'), etcdVersion: set('3.4.23') } },
    expected: {
      outcome: 'refused',
      refusedBy: 'server',
      rule: 'x509.key-usage',
      clientError: 'remote error: tls: bad certificate',
      serverError:
        'tls: failed to verify client certificate: x509: certificate specifies an incompatible key usage',
    },
  },
  {
    title: 'a server that holds TLS at 1.2 answers within the handshake',
    leaf: { usages: ['serverAuth'] },
    node1: { settings: { tlsMaxVersion: set('TLS1.2') } },
    expected: {
      outcome: 'refused',
      refusedBy: 'server',
      rule: 'x509.key-usage',
      clientError: `${handshakeFailed}remote error: tls: bad certificate`,
      serverError:
        'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
    },
  },
  {
    title: 'a name in no certificate is refused by the client, whichever member it may mean',
    client: { endpoints: set(['https://etcd-0.robobee.test:2379']) },
    expected: {
      outcome: 'refused',
      refusedBy: 'client',
      rule: 'x509.host-name',
      clientError: `${handshakeFailed}tls: failed to verify certificate: x509: certificate is valid for localhost, not etcd-0.robobee.test`,
      serverError: 'remote error: tls: bad certificate',
    },
  },
  {
    title: 'a client that skips verification minds no name',
    client: {
      endpoints: set(['https://etcd-0.robobee.test:2379']),
      insecureSkipVerify: set(true),
    },
    expected: { outcome: 'accepted', rule: 'etcd.mutual-tls' },
  },
  {
    title: 'OpenSSL says it in other words',
    client: { verifier: 'openssl', endpoints: set(['https://10.0.0.99:2379']) },
    expected: {
      outcome: 'refused',
      refusedBy: 'client',
      rule: 'x509.host-name',
      clientError:
        "certificate verify failed: IP address mismatch, certificate is not valid for '10.0.0.99'",
      serverError: 'local error: tls: bad record MAC',
    },
  },
  {
    title: 'OpenSSL still takes a commonName where Go does not',
    client: { verifier: 'openssl', endpoints: set(['https://node1:2379']) },
    node1: { leaf: { hosts: [] }, member: { hostnames: ['node1'] } },
    expected: { outcome: 'accepted', rule: 'etcd.mutual-tls' },
  },
  {
    title: 'Go takes no commonName',
    client: { endpoints: set(['https://node1:2379']) },
    node1: { leaf: { hosts: [] }, member: { hostnames: ['node1'] } },
    expected: {
      outcome: 'refused',
      refusedBy: 'client',
      rule: 'x509.common-name-only',
      clientError: `${handshakeFailed}tls: failed to verify certificate: x509: certificate relies on legacy Common Name field, use SANs instead`,
      serverError: 'remote error: tls: bad certificate',
    },
  },
  {
    title: 'a plain URL against TLS is hung up on',
    client: { endpoints: set(['http://10.0.0.1:2379']) },
    expected: {
      outcome: 'refused',
      refusedBy: 'server',
      rule: 'tls.plaintext-to-tls',
      clientError: 'error reading server preface: EOF',
      serverError: 'tls: first record does not look like a TLS handshake',
    },
  },
  {
    title: 'TLS against a plain port ends with EOF',
    node1: { settings: { listenClientUrls: set(['http://10.0.0.1:2379']) } },
    expected: {
      outcome: 'refused',
      refusedBy: 'client',
      rule: 'tls.tls-to-plaintext',
      clientError: `${handshakeFailed}EOF`,
    },
  },
  {
    title: 'http and https on one address share a socket',
    node1: {
      settings: { listenClientUrls: set(['http://10.0.0.1:2379', 'https://10.0.0.1:2379']) },
    },
    expected: { outcome: 'accepted', rule: 'etcd.mutual-tls' },
  },
  {
    title: 'a certificate that was not given leaves the answer open',
    client: { certFile: set('pki/none.crt'), keyFile: set('pki/none.key') },
    expected: {
      outcome: 'not-sure',
      rule: 'file.not-given',
    },
  },
];

describe('clients', () => {
  test('of a member that gets no quorum depend on its having had one', async () => {
    const expired = { validTo: new Date('2026-03-01T00:00:00Z') };
    const edges = edgesOf(await deploy({ node1: { peerLeaf: expired } }));
    const [client] = edges;

    expect(client).toMatchObject({
      outcome: 'not-sure',
      rule: 'etcd.cut-off',
      dependsOn: ['node1 having had a quorum since it started, which these peers do not allow'],
    });
    expect(
      edges.filter(({ edge, outcome }) => edge === 'self' && outcome === 'accepted'),
    ).toHaveLength(2);
  });

  test.each(clientCases)('$title', async ({ leaf = {}, client = {}, node1 = {}, expected }) => {
    const deployment = await deploy({ node1 }, { leaf, client });
    const edge = edgesOf(deployment).find(({ edge: kind }) => kind === 'client');

    expect(outcomeOf(edge)).toEqual(expected);
  });
});
