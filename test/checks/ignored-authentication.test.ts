import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const { certificatePem, privateKeyPem } = await ca.issue({
  commonName: 'n1',
  hosts: ['10.0.0.1'],
  usages: ['serverAuth', 'clientAuth'],
});
const pems = { 'ca.crt': ca.certificatePem, 'n1.crt': certificatePem, 'n1.key': privateKeyPem };

/** A member both of whose ports have a certificate and ask nobody for one, with lines of its own. */
function variables(line: string): string {
  return [
    'ETCD_NAME=n1',
    'ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379',
    'ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379',
    'ETCD_LISTEN_PEER_URLS=https://10.0.0.1:2380',
    'ETCD_INITIAL_ADVERTISE_PEER_URLS=https://10.0.0.1:2380',
    'ETCD_INITIAL_CLUSTER=n1=https://10.0.0.1:2380',
    'ETCD_CERT_FILE=/pki/n1.crt',
    'ETCD_KEY_FILE=/pki/n1.key',
    'ETCD_PEER_CERT_FILE=/pki/n1.crt',
    'ETCD_PEER_KEY_FILE=/pki/n1.key',
    line,
    '',
  ].join('\n');
}

function section(name: string, more: string): string {
  return `${name}-transport-security:\n  cert-file: /pki/n1.crt\n  key-file: /pki/n1.key\n${more}`;
}

function keys(client: string, peer: string, topLevel = ''): string {
  return [
    'name: n1',
    'listen-client-urls: https://10.0.0.1:2379',
    'advertise-client-urls: https://10.0.0.1:2379',
    'listen-peer-urls: https://10.0.0.1:2380',
    'initial-advertise-peer-urls: https://10.0.0.1:2380',
    'initial-cluster: n1=https://10.0.0.1:2380',
    section('client', client) + section('peer', peer) + topLevel,
  ].join('\n');
}

async function anonymousIn(files: Readonly<Record<string, string>>) {
  await using set = await directoryWith({ ...pems, ...files });
  const { results } = await audit({
    paths: [set.path],
    maps: [{ prefix: '/pki', directory: set.path }],
    etcdVersion: '3.5.16',
  });
  const found = results.flatMap(({ check, target, verdict }) =>
    verdict.status === 'fail' && check.id.endsWith('-port-admits-anonymous')
      ? [
          {
            check: check.id,
            cause: verdict.cause ?? '',
            fix: verdict.fix ?? '',
            line: target.location?.line,
          },
        ]
      : [],
  );
  const of = (port: string) => found.find(({ check }) => check.startsWith(port));
  return { client: of('client'), peer: of('peer') };
}

test.each([
  {
    line: 'ETCD_CLIENT_CERT_AUTHX=true',
    at: /AUTHX \(.*n1\.env:11\)/,
    fix: /`ETCD_CLIENT_CERT_AUTH`/,
  },
  { line: 'ETCD_TRUSTED_CAFILE=/pki/ca.crt', at: /CAFILE/, fix: /`ETCD_TRUSTED_CA_FILE`/ },
  { line: 'ETCD_CA_FILE=/pki/ca.crt', at: /ETCD_CA_FILE .*does not know/, fix: /^$/ },
  { line: 'ETCD_CLIENT_CERT_AUTH=', at: /empty/, fix: /value/ },
])('$line is why the client port asks for no certificate', async ({ line, at, fix }) => {
  const { client, peer } = await anonymousIn({ 'n1.env': variables(line) });

  expect(client?.cause).toMatch(at);
  expect(client?.fix).toMatch(fix);
  expect(client?.line).toBe(11);
  expect(peer).toMatchObject({ cause: '', fix: '' });
});

test('a variable of peers is why the peer port asks for none, and no other variable is', async () => {
  const misspelt = await anonymousIn({ 'n1.env': variables('ETCD_PEER_CLIENT_CERT_AUT=true') });
  const unrelated = await anonymousIn({ 'n1.env': variables('ETCD_SNAPSHOT_COUNTX=5') });

  expect(misspelt.peer?.fix).toMatch(/`ETCD_PEER_CLIENT_CERT_AUTH`/);
  expect(misspelt.client).toMatchObject({ cause: '', fix: '' });
  expect(unrelated.client).toMatchObject({ cause: '', fix: '' });
});

test.each([
  { where: 'of clients', port: 'client', text: keys('  client-cert-authx: true\n', '') },
  { where: 'of peers', port: 'peer', text: keys('', '  client-cert-authx: true\n') },
  { where: 'of none', port: 'client', text: keys('', '', 'client-cert-auth: true\n') },
  { where: 'of none', port: 'peer', text: keys('', '', 'peer-client-cert-auth: true\n') },
] as const)('a key in the section $where concerns the $port port', async ({ port, text }) => {
  const found = await anonymousIn({ 'n1.conf.yml': text });
  const other = port === 'client' ? 'peer' : 'client';

  expect(found[port]?.cause).toMatch(/n1\.conf\.yml:\d+\): etcd/);
  expect(found[other]).toMatchObject({ cause: '', fix: '' });
});
