import { describe, expect, test } from 'vitest';
import type { Edge } from '../../src/model/forecast.ts';
import type { Member } from '../../src/model/inventory.ts';
import { filesOf, matches, set } from '../support/facts.ts';
import { deploy, type Deviation, lifetime } from './deployment.ts';
import { edgesOf, refusals } from './edges-of.ts';

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
