import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const ca = await issueAuthority({ commonName: 'etcd-ca' });
const twin = await issueAuthority({ commonName: 'etcd-ca' });
const intermediate = await issueAuthority({ commonName: 'etcd intermediate', issuedBy: ca });
const successor = await issueAuthority({ commonName: 'etcd-ca 2' });
const cross = await issueAuthority({ commonName: 'etcd-ca 2', keyOf: successor, issuedBy: ca });

const leaf = {
  commonName: 'etcd1',
  hosts: ['10.0.0.1', '127.0.0.1', 'localhost'],
  usages: ['serverAuth', 'clientAuth'],
} as const;
const ofCa = await ca.issue(leaf);
const ofIntermediate = await intermediate.issue(leaf);
const ofSuccessor = await successor.issue(leaf);

/** etcd 3.5.30 with the CA as trusted CA file rejects what does not pass here. */
test.each([
  {
    what: 'the certificate of one member and its CA',
    files: { 'ca.crt': [ca], 'server.crt': [ofCa] },
    key: ofCa,
    expected: 'pass',
  },
  {
    what: 'a CA of the same name that did not issue it',
    files: { 'ca.crt': [twin], 'server.crt': [ofCa] },
    key: ofCa,
    expected: 'fail',
  },
  {
    what: 'an intermediate in a file of its own',
    files: { 'ca.crt': [ca], 'intermediate.crt': [intermediate], 'server.crt': [ofIntermediate] },
    key: ofIntermediate,
    expected: 'incomplete',
  },
  {
    what: 'an intermediate that is sent along',
    files: { 'ca.crt': [ca], 'server.crt': [ofIntermediate, intermediate] },
    key: ofIntermediate,
    expected: 'pass',
  },
  {
    what: 'an intermediate in the CA file',
    files: { 'ca.crt': [ca, intermediate], 'server.crt': [ofIntermediate] },
    key: ofIntermediate,
    expected: 'pass',
  },
  {
    what: 'a cross-certificate in a file of its own',
    files: { 'ca.crt': [ca], 'cross.crt': [cross], 'server.crt': [ofSuccessor] },
    key: ofSuccessor,
    expected: 'incomplete',
  },
  {
    what: 'a cross-certificate that is sent along',
    files: { 'ca.crt': [ca], 'server.crt': [ofSuccessor, cross] },
    key: ofSuccessor,
    expected: 'pass',
  },
])('$what: $expected', async ({ files, key, expected }) => {
  const texts = Object.entries(files).map(([name, certificates]) => [
    name,
    certificates.map(({ certificatePem }) => certificatePem).join(''),
  ]);
  await using directory = await directoryWith({
    ...Object.fromEntries(texts),
    'server.key': key.privateKeyPem,
  });

  const { verdict, results } = await audit({ paths: [directory.path], maps: [] });

  expect(verdict.status).toBe(expected);
  expect(verdict.next?.includes('append ') ?? false).toBe(expected === 'incomplete');
  const failed = results.filter((result) => result.verdict.status === 'fail');
  expect(failed.map(({ check }) => check.id)).toEqual(
    expected === 'fail' ? ['authority-of-same-name-with-another-key'] : [],
  );
});

const narrow = { usages: leaf.usages, commonName: leaf.commonName, hosts: leaf.hosts };
const constrained = await issueAuthority({
  commonName: 'constrained',
  nameConstraints: { permitted: { dnsNames: ['example.com'] } },
});
const short = await issueAuthority({ commonName: 'short', pathLength: 0 });
const belowShort = await issueAuthority({ commonName: 'below', issuedBy: short });
const unsigning = await issueAuthority({ commonName: 'no CA', keyUsages: ['cRLSign'] });
const forServers = await issueAuthority({
  commonName: 'for servers',
  extendedKeyUsages: ['serverAuth'],
});
const critical = { extraExtensions: [{ oid: '1.2.3.4', critical: true }] };

/** Each of these is rejected by all who trust the CA, without any other member or client among the files. */
test.each([
  { issuer: constrained, expected: ['name-constraint-violated'] },
  { issuer: belowShort, sent: belowShort, ca: short, expected: ['path-length-exceeded'] },
  { issuer: unsigning, expected: ['issuer-is-no-authority'] },
  { issuer: ca, more: critical, expected: ['unhandled-critical-extension'] },
  { issuer: ca, expected: [] },
])(
  'what all reject is a finding: $expected',
  async ({ issuer, sent, ca: root = issuer, more, expected }) => {
    const made = await issuer.issue({ ...narrow, ...more });
    await using directory = await directoryWith({
      'ca.crt': root.certificatePem,
      'server.crt': made.certificatePem + (sent?.certificatePem ?? ''),
      'server.key': made.privateKeyPem,
    });

    const { verdict, results } = await audit({ paths: [directory.path], maps: [] });

    const failed = results.filter((result) => result.verdict.status === 'fail');
    expect(failed.map(({ check }) => check.id)).toEqual(expected);
    expect(verdict.status).toBe(expected.length === 0 ? 'pass' : 'fail');
  },
);

test('a CA for servers alone is an open question, since members are clients of each other', async () => {
  const made = await forServers.issue(narrow);
  await using directory = await directoryWith({
    'ca.crt': forServers.certificatePem,
    'server.crt': made.certificatePem,
    'server.key': made.privateKeyPem,
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [] });

  expect(verdict.status).toBe('incomplete');
});

test.each(['client', 'peer'] as const)(
  'a %s certificate from before the CA was recreated is a finding, one of the CA is none',
  async (role) => {
    const options = role === 'client' ? { commonName: 'c', usages: ['clientAuth'] as const } : leaf;
    const verdicts = await Promise.all(
      [ca, twin].map(async (issuer) => {
        const other = await issuer.issue(options);
        await using directory = await directoryWith({
          'ca.crt': ca.certificatePem,
          'server.crt': ofCa.certificatePem,
          'server.key': ofCa.privateKeyPem,
          [`${role}.crt`]: other.certificatePem,
          [`${role}.key`]: other.privateKeyPem,
        });
        return await audit({ paths: [directory.path], maps: [] });
      }),
    );

    expect(verdicts.map(({ verdict }) => verdict.status)).toEqual(['pass', 'fail']);
  },
);
