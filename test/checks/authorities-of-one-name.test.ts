import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

type AuthorityOptions = Parameters<typeof issueAuthority>[0];

const host = '10.0.0.1';
const name = 'etcd-ca';

const unit = `[Service]
ExecStart=/usr/bin/etcd --name n1 --listen-client-urls https://${host}:2379 --advertise-client-urls https://${host}:2379 \\
  --listen-peer-urls https://${host}:2380 --initial-advertise-peer-urls https://${host}:2380 \\
  --initial-cluster n1=https://${host}:2380 --client-cert-auth --peer-client-cert-auth \\
  --cert-file /c/n1.crt --key-file /c/n1.key --trusted-ca-file /c/ca.crt \\
  --peer-cert-file /c/n1.crt --peer-key-file /c/n1.key --peer-trusted-ca-file /c/ca.crt
`;

const expired = { validFrom: new Date('2020-01-01'), validTo: new Date('2021-01-01') };

/** A member whose CA file holds the old CA and then the CA that issued its certificate. */
async function findings(
  old: Partial<AuthorityOptions>,
  options: { readonly current?: Partial<AuthorityOptions>; readonly isRenewal?: boolean } = {},
) {
  const before = await issueAuthority({ commonName: name, ...old });
  const authority = await issueAuthority({
    commonName: name,
    ...(options.isRenewal === true && { keyOf: before }),
    ...options.current,
  });
  const node = await authority.issue({
    commonName: 'n1',
    hosts: [host, '127.0.0.1', 'localhost'],
    usages: ['serverAuth', 'clientAuth'],
    ...(options.current?.withoutKeyIdentifiers === true && { withoutKeyIdentifiers: true }),
  });
  await using directory = await directoryWith({
    'c/ca.crt': before.certificatePem + authority.certificatePem,
    'c/n1.crt': node.certificatePem,
    'c/n1.key': node.privateKeyPem,
    'etcd.service': unit,
  });
  const { results, verdict } = await audit({
    paths: [directory.path],
    maps: [{ prefix: '/c', directory: directory.at('c') }],
    etcdVersion: '3.5.30',
  });
  const failed = results.filter(({ verdict: { status } }) => status === 'fail');
  return {
    status: verdict.status,
    found: failed.map(({ check }) => check.id).filter((id) => /authority|certificate-exp/.test(id)),
  };
}

const unidentified = { withoutKeyIdentifiers: true } as const;

test.each([
  { what: 'identifiers', old: expired, options: {} },
  {
    what: 'signatures alone',
    old: { ...expired, ...unidentified },
    options: { current: unidentified },
  },
])('an expired CA is not the issuer that has its name: by $what', async ({ old, options }) => {
  expect(await findings(old, options)).toEqual({ status: 'pass', found: ['stale-authority'] });
});

test('an expired CA next to its renewal is not needed', async () => {
  const result = await findings(expired, { isRenewal: true });

  expect(result).toEqual({ status: 'pass', found: ['stale-authority'] });
});

test('a CA that expires before the certificates of another CA of its name is no finding', async () => {
  const soonest = new Date(Date.now() + 200 * 86_400_000);

  expect(await findings({ validTo: soonest })).toEqual({ status: 'pass', found: [] });
});

test('a CA that expires before its own certificates is one', async () => {
  const soonest = new Date(Date.now() + 200 * 86_400_000);
  const result = await findings({}, { current: { validTo: soonest } });

  expect(result.found).toEqual(['authority-expires-before-leaf']);
});

test('an issuer that has expired is a finding next to a valid CA of its name', async () => {
  const result = await findings({}, { current: expired });

  expect(result).toMatchObject({ status: 'fail', found: ['certificate-expired'] });
});
