import { describe, expect, test } from 'vitest';
import type { Edge } from '../../src/model/forecast.ts';
import type { Client } from '../../src/model/inventory.ts';
import { set } from '../support/facts.ts';
import type { LeafOptions } from '../support/pki.ts';
import { deploy, type Deviation, outcomeOf } from './deployment.ts';
import { edgesOf } from './edges-of.ts';

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
