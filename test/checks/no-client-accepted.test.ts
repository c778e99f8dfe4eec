import { expect, test } from 'vitest';
import { noClientAccepted } from '../../src/checks/chain/no-client-accepted.ts';
import { authorizedBy } from '../../src/pki/authorizes.ts';
import { describeFile } from '../../src/pki/describe-file.ts';
import { goRelease } from '../../src/pki/go-release.ts';
import { certificatesIn } from '../../src/deployment/certificate-uses.ts';
import { certificateSet, member, set as given } from '../fixtures/builders.ts';
import { audit } from '../support/audit-twice.ts';
import { containing } from '../support/containing.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority, issueSelfSigned } from '../support/pki.ts';
import { verdicts } from '../support/verdicts.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const server = await ca.issue({ commonName: 'n1', hosts: ['127.0.0.1', 'localhost'] });
const sound = await issueAuthority({ commonName: 'clients-ca' });
const noCa = await issueAuthority({ commonName: 'clients-ca', isCa: false });
const noSign = await issueAuthority({ commonName: 'clients-ca', keyUsages: ['cRLSign'] });
const forServers = await issueAuthority({
  commonName: 'clients-ca',
  extendedKeyUsages: ['serverAuth'],
});
const forBoth = await issueAuthority({
  commonName: 'clients-ca',
  extendedKeyUsages: ['serverAuth', 'clientAuth'],
});
const critical = await issueAuthority({
  commonName: 'clients-ca',
  extraExtensions: [{ oid: '1.2.3.4', critical: true }],
});
const below = await issueAuthority({
  commonName: 'clients-ca',
  issuedBy: ca,
  extendedKeyUsages: ['serverAuth'],
});
const small = await issueAuthority({
  commonName: 'clients-ca',
  key: 'rsa-512',
  validFrom: new Date('2025-01-01'),
  validTo: new Date('2045-01-01'),
});
const expired = await issueAuthority({
  commonName: 'old-ca',
  validFrom: new Date('2020-01-01'),
  validTo: new Date('2021-01-01'),
});
const pinned = await issueSelfSigned({ commonName: 'operator', isCa: false });
const pem = ({ certificatePem }: { readonly certificatePem: string }): string => certificatePem;

const env = [
  'ETCD_NAME=n1',
  'ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379',
  'ETCD_ADVERTISE_CLIENT_URLS=https://127.0.0.1:2379',
  'ETCD_LISTEN_PEER_URLS=http://127.0.0.1:2380',
  'ETCD_CERT_FILE=server.crt',
  'ETCD_KEY_FILE=server.key',
  'ETCD_CLIENT_CERT_AUTH=true',
  'ETCD_TRUSTED_CA_FILE=trusted.crt',
  'ETCD_ENABLE_GRPC_GATEWAY=false',
  '',
].join('\n');

const base = {
  'ca.crt': ca.certificatePem,
  'server.crt': server.certificatePem,
  'server.key': server.privateKeyPem,
  'etcd.env': env,
};

const wrongUsage = 'x509: certificate specifies an incompatible key usage';

/** What etcd 3.4.23, 3.5.30 and 3.6 did with a client whose certificate the CA had issued: they accepted it in the rows that pass. */
const rows: readonly {
  readonly what: string;
  readonly trusted: string;
  readonly more?: Readonly<Record<string, string>>;
  readonly etcdVersion?: string;
  readonly status: string;
  readonly actual?: string;
}[] = [
  { what: 'a CA for servers alone', trusted: pem(forServers), status: 'fail', actual: wrongUsage },
  { what: 'an intermediate for servers', trusted: pem(below), status: 'fail', actual: wrongUsage },
  {
    what: 'a CA with a critical extension',
    trusted: pem(critical),
    status: 'fail',
    actual: 'x509: unhandled critical extension',
  },
  {
    what: 'a CA for servers next to an expired one',
    trusted: pem(forServers) + pem(expired),
    status: 'fail',
    actual: wrongUsage,
  },
  {
    what: 'a CA with a key of 512 bits',
    trusted: pem(small),
    etcdVersion: '3.6.14',
    status: 'fail',
    actual: 'crypto/rsa: 512-bit keys are insecure',
  },
  {
    what: 'a CA with a key of 512 bits, and Go 1.23',
    trusted: pem(small),
    etcdVersion: '3.5.21',
    status: 'pass',
  },
  { what: 'a certificate that is not a CA', trusted: pem(noCa), status: 'incomplete' },
  { what: 'a CA that may not sign', trusted: pem(noSign), status: 'incomplete' },
  { what: "the server's certificate", trusted: pem(server), status: 'incomplete' },
  { what: 'a self-signed certificate', trusted: pem(pinned), status: 'incomplete' },
  {
    what: 'a self-signed certificate with its key',
    trusted: pem(pinned),
    more: { 'operator.key': pinned.privateKeyPem },
    status: 'pass',
  },
  { what: 'a CA', trusted: pem(sound), status: 'pass' },
  { what: 'a CA for both usages', trusted: pem(forBoth), status: 'pass' },
  {
    what: 'a CA for servers next to another',
    trusted: pem(forServers) + pem(sound),
    status: 'pass',
  },
];

test.each(rows)('a trusted CA file with $what, and no client given: $status', async (row) => {
  const { trusted, more, etcdVersion = '3.5.30' } = row;
  await using set = await directoryWith({ ...base, 'trusted.crt': trusted, ...more });

  const { verdict, results } = await audit({ paths: [set.path], maps: [], etcdVersion });

  const [found] = results.filter(({ check }) => check.id === 'no-client-accepted');
  expect({ status: verdict.status, sentence: verdict.sentence }).toMatchObject({
    status: row.status,
  });
  const own = { fail: 'fail', incomplete: 'inconclusive', pass: 'pass' }[row.status];
  expect(found?.verdict.status).toBe(own);
  if (row.actual === undefined) return;
  const quoted: unknown = expect.stringContaining(row.actual);
  expect(found?.verdict).toMatchObject({ actual: quoted });
});

const client = await forServers.issue({ commonName: 'client', usages: ['clientAuth'] });
const withClient = {
  ...base,
  'trusted.crt': pem(forServers),
  'client.crt': client.certificatePem,
  'client.key': client.privateKeyPem,
};

test('a client certificate that no settings use answers nothing', async () => {
  await using set = await directoryWith(withClient);

  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });

  const found = results.filter(({ check }) => check.id === 'no-client-accepted');
  expect(found.map(({ verdict }) => verdict.status)).toEqual(['fail']);
});

test('a client that settings describe is reported with its certificate, once', async () => {
  await using set = await directoryWith(withClient);
  const you = {
    endpoints: ['https://127.0.0.1:2379'],
    trustedCaFile: set.at('ca.crt'),
    certificateFile: set.at('client.crt'),
    keyFile: set.at('client.key'),
  };

  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30', you });

  const high = results.filter(
    ({ check, verdict }) => check.severity === 'high' && verdict.status === 'fail',
  );
  expect(high.map(({ check }) => check.id)).toEqual(['authority-restricts-usage']);
});

test('a certificate in the pool authorizes what Go says by its release', () => {
  const [certificate] = certificatesIn(
    describeFile({ path: 'ca.pem', bytes: Buffer.from(pem(forServers)) }),
  );
  if (certificate === undefined) throw new Error('there is no certificate');
  const at = new Date();
  const kinds = ['1.12', '1.19', '1.26'].map((text) => {
    const go = goRelease(text);
    return (['clientAuth', 'serverAuth'] as const).map(
      (usage) => authorizedBy(certificate, { usage, at, go }).kind,
    );
  });

  expect(kinds).toEqual([
    ['none', 'issued'],
    ['none', 'issued'],
    ['none', 'issued'],
  ]);
});

test('a member of a release that rejects all is named, whatever another release accepts', () => {
  const file = describeFile({ path: 'ca.pem', bytes: Buffer.from(pem(small)) });
  const members = [
    member({ name: 'node1', with: { goVersion: given('1.22.9') } }),
    member({ name: 'node2', with: { etcdVersion: given('3.6.16'), goVersion: given('1.26.0') } }),
  ];

  const facts = { ...certificateSet({ files: [file], members, clients: [] }), forecast: [] };
  expect(verdicts(noClientAccepted, facts)).toMatchObject([
    { status: 'fail', message: containing('the client port of node2 accepts no client') },
  ]);
});
