import { readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { type Authority, issueAuthority } from '../support/pki.ts';
import { threeMembers, type Variables } from '../support/three-members.ts';

const servedBy = (name: string): Variables => ({
  ETCD_CERT_FILE: `/etc/etcd/${name}-server.pem`,
  ETCD_KEY_FILE: `/etc/etcd/${name}-server-key.pem`,
});

/** Server certificates of n1, n2 and n3 by an issuer, each with what is sent after it. */
async function serverCertificates(issuer: Authority, after = ''): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [index, name] of ['n1', 'n2', 'n3'].entries()) {
    const hosts = [`10.0.0.${index + 1}`, name, 'localhost', '127.0.0.1'];
    const leaf = await issuer.issue({ commonName: name, hosts });
    files[`${name}-server.pem`] = leaf.certificatePem + after;
    files[`${name}-server-key.pem`] = leaf.privateKeyPem;
  }
  return files;
}

const [ca, root] = await Promise.all(
  ['other-ca', 'root'].map((commonName) => issueAuthority({ commonName })),
);
if (ca === undefined || root === undefined) throw new Error('no authorities');
const intermediate = await issueAuthority({ commonName: 'intermediate', issuedBy: root });
const foreign = await serverCertificates(ca);
const unsent = await serverCertificates(intermediate);
const sent = await serverCertificates(intermediate, intermediate.certificatePem);

const namesake = await serverCertificates(await issueAuthority({ commonName: 'etcd-ca' }));

const all = { n1: servedBy('n1'), n2: servedBy('n2'), n3: servedBy('n3') };
const trustsRoot = Object.fromEntries(
  Object.entries(all).map(([name, variables]) => [
    name,
    { ...variables, ETCD_TRUSTED_CA_FILE: '/etc/etcd/root.pem' },
  ]),
);
const etcdctl = [
  'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379,https://10.0.0.2:2379,https://10.0.0.3:2379',
  'ETCDCTL_CACERT=/etc/etcd/ca.pem',
  'ETCDCTL_CERT=/etc/etcd/client.pem',
  'ETCDCTL_KEY=/etc/etcd/client-key.pem',
  '',
].join('\n');

interface Row {
  readonly what: string;
  readonly differences?: Readonly<Record<string, Variables>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly status: 'pass' | 'fail' | 'incomplete';
  readonly says: RegExp;
  readonly next?: RegExp;
}

const rows: readonly Row[] = [
  { what: 'a sound set', status: 'pass', says: /^3 medium, none of them high/ },
  {
    what: 'one server certificate of a CA that was not given',
    differences: { n1: servedBy('n1') },
    files: foreign,
    status: 'incomplete',
    says: /no client and no CA file given verifies the server certificate of n1, which CN=other-ca issued;/,
    next: /^give the certificate of the CA CN=other-ca/,
  },
  {
    what: 'one server certificate of a CA that has the name of the one given',
    differences: { n1: servedBy('n1') },
    files: namesake,
    status: 'incomplete',
    says: /server certificate of n1, which another CA CN=etcd-ca than the one given issued;/,
    next: /^give the certificate of the CA CN=etcd-ca that has the other key/,
  },
  {
    what: 'all server certificates of a CA that was not given',
    differences: all,
    files: foreign,
    status: 'incomplete',
    says: /which CN=other-ca issued \(and 2 more open questions\)/,
  },
  {
    what: 'all server certificates of a CA that was given and that no member trusts',
    differences: all,
    files: { ...foreign, 'other-ca.pem': ca.certificatePem },
    status: 'pass',
    says: /^6 medium, none of them high/,
  },
  {
    what: 'one server certificate of another CA than the others',
    differences: { n1: servedBy('n1') },
    files: { ...foreign, 'other-ca.pem': ca.certificatePem },
    status: 'incomplete',
    says: /verifies the server certificates of all members, which CN=other-ca and CN=etcd-ca issued/,
    next: /^give the settings of a client with its CA file$/,
  },
  {
    what: 'server certificates whose intermediate is nowhere',
    differences: trustsRoot,
    files: { ...unsent, 'root.pem': root.certificatePem },
    status: 'incomplete',
    says: /which CN=intermediate issued/,
    next: /^give the certificate of the CA CN=intermediate/,
  },
  {
    what: 'server certificates whose intermediate is given and not sent',
    differences: trustsRoot,
    files: {
      ...unsent,
      'root.pem': root.certificatePem,
      'intermediate.pem': intermediate.certificatePem,
    },
    status: 'fail',
    says: /^3 high; most urgent: intermediate CA is neither sent nor trusted \(n1, n2 and n3\)/,
    next: /^Append the certificate of CN=intermediate to \S+n1-server\.pem, after the leaf\.$/,
  },
  {
    what: 'the same with a CA file that holds it',
    differences: trustsRoot,
    files: {
      ...unsent,
      'root.pem': root.certificatePem,
      'chain.pem': intermediate.certificatePem + root.certificatePem,
    },
    status: 'pass',
    says: /medium/,
  },
  {
    what: 'server certificates that are sent with their intermediate',
    differences: trustsRoot,
    files: { ...sent, 'root.pem': root.certificatePem },
    status: 'pass',
    says: /^no problems found/,
  },
  {
    what: 'a member that trusts another CA for clients',
    differences: { n2: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/other-ca.pem' } },
    files: { 'other-ca.pem': ca.certificatePem },
    status: 'fail',
    says: /^1 high, 3 medium; most urgent: members accept clients of different CAs/,
  },
  {
    what: 'a member that trusts one more CA for clients',
    differences: { n2: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/both.pem' } },
    files: { 'both.pem': `${ca.certificatePem}${root.certificatePem}` },
    status: 'fail',
    says: /members accept clients of different CAs/,
  },
  {
    what: 'members of which one trusts the intermediate of the CA that the others trust',
    differences: { ...trustsRoot, n2: { ...all.n2, ETCD_TRUSTED_CA_FILE: '/etc/etcd/sub.pem' } },
    files: {
      ...sent,
      'root.pem': root.certificatePem,
      'sub.pem': intermediate.certificatePem,
    },
    status: 'incomplete',
    says: /members accept clients of different CAs \(n1 and n3: CN=root .*; n2: CN=intermediate /,
    next: /^give the clients' settings with their certificates$/,
  },
];

test.each(rows)('$what: $status', async ({ differences, files, status, says, next = /^/ }) => {
  await using set = await threeMembers(differences, files);

  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe(status);
  expect(verdict.sentence).toMatch(says);
  expect(verdict.next ?? '').toMatch(next);
});

test('a client whose CA is not that of a member is told there alone', async () => {
  await using set = await threeMembers(
    { n2: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/other-ca.pem' } },
    { 'other-ca.pem': ca.certificatePem, 'etcdctl.env': etcdctl },
  );

  const { results } = await audit({ paths: [set.path], maps: [] });

  const failing = results.filter(
    ({ check, verdict }) => verdict.status === 'fail' && check.severity === 'high',
  );
  expect(failing.map(({ check }) => check.id)).toEqual(['unknown-authority']);
});

test('a client of the CA that all members trust leaves no question open', async () => {
  await using set = await threeMembers(
    { n2: { ETCD_TRUSTED_CA_FILE: '/etc/etcd/both.pem' } },
    { 'etcdctl.env': etcdctl },
  );
  await writeFile(
    set.at('both.pem'),
    (await readFile(set.at('ca.pem'), 'utf8')) + ca.certificatePem,
  );

  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.status).toBe('pass');
});
