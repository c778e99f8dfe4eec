import { expect, test } from 'vitest';
import { certificateAndKeySwapped } from '../../src/checks/credential/certificate-and-key-swapped.ts';
import { credentialRefused } from '../../src/checks/credential/credential-refused.ts';
import { encryptedPrivateKey } from '../../src/checks/credential/encrypted-private-key.ts';
import { keyOfAnotherCertificate } from '../../src/checks/credential/key-of-another-certificate.ts';
import { leafNotFirstInFile } from '../../src/checks/credential/leaf-not-first-in-file.ts';
import { sharedCertificate } from '../../src/checks/credential/shared-certificate.ts';
import { sharedPrivateKey } from '../../src/checks/credential/shared-private-key.ts';
import type { Check } from '../../src/model/check.ts';
import {
  authority,
  certificateFile,
  certificateSet,
  client,
  file,
  files,
  keyFile,
  leaf,
  member,
  members,
  set,
} from '../fixtures/builders.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';

const pairChecks: readonly Check[] = [
  keyOfAnotherCertificate,
  encryptedPrivateKey,
  certificateAndKeySwapped,
  leafNotFirstInFile,
  credentialRefused,
];

const node1 = leaf({ name: 'node1', ipAddresses: ['10.0.0.1'] });

test.each([
  {
    what: 'the key of another',
    given: [keyFile('node1-key.pem', 'node2')],
    found: ['key-of-another-certificate'],
  },
  {
    what: 'an encrypted key',
    given: [keyFile('node1-key.pem', 'node1', { encrypted: true })],
    found: ['encrypted-private-key'],
  },
  {
    what: 'an encrypted key of which the public half is hidden',
    given: [encryptedKey()],
    found: ['encrypted-private-key'],
  },
  {
    what: 'files in the place of each other',
    given: [certificateFile('node1-key.pem', node1), keyFile('node1.pem', 'node1')],
    found: ['certificate-and-key-swapped'],
  },
  {
    what: 'the CA before the leaf',
    given: [certificateFile('node1.pem', authority(), node1)],
    found: ['leaf-not-first-in-file'],
  },
  {
    what: 'a file without a certificate',
    given: [file('node1.pem')],
    found: ['credential-refused'],
  },
  {
    what: 'a chain and a key that fits its leaf',
    given: [certificateFile('node1.pem', node1, authority('intermediate'))],
    found: [],
  },
])('$what: $found and nothing else', ({ given, found }) => {
  const facts = certificateSet({ files: files(...given) });

  const failing = pairChecks.filter((check) =>
    verdicts(check, facts).some(({ status }) => status === 'fail'),
  );

  expect(failing.map(({ id }) => id)).toEqual(found);
});

function encryptedKey() {
  const plain = keyFile('node1-key.pem', 'node1', { encrypted: true });
  const blocks = plain.blocks.map((block) => {
    if (block.kind !== 'key') return block;
    const { publicKeySha256: _hidden, ...key } = block.key;
    return { ...block, key };
  });
  return { ...plain, blocks };
}

test('a pair that serves both ports is one finding, at the key', () => {
  const facts = certificateSet({ files: files(keyFile('node1-key.pem', 'node2')), clients: [] });

  const results = reportOn(keyOfAnotherCertificate, facts).results;

  expect(results).toMatchObject([
    {
      target: { name: 'node1-key.pem', member: 'node1' },
      verdict: {
        message: 'the private key does not match the server and peer certificate of node1',
        actual: 'the key of node2.pem',
        cause: 'etcd says: tls: private key does not match public key',
      },
    },
  ]);
});

test.each([
  {
    what: 'a key that was not given',
    facts: certificateSet({
      files: files().filter(({ path }) => path !== 'node1-key.pem'),
      clients: [],
    }),
    because: 'the files given do not include node1-key.pem of node1',
    give: 'give the private key of node1.pem',
  },
  {
    what: 'a key that could not be read',
    facts: certificateSet({
      files: files(file('node1-key.pem', { unreadable: { kind: 'denied', text: 'EACCES' } })),
      clients: [],
    }),
    because: 'node1-key.pem could not be read: EACCES',
    give: undefined,
  },
  {
    what: 'a certificate without a key in the settings',
    facts: { files: files(), members: [], clients: [client({ keyFile: set('') })] },
    because: 'etcdctl has a certificate, but its settings name no key',
    give: 'give the private key of client.pem',
  },
])('$what is no pass', ({ facts, because, give }) => {
  expect(verdicts(keyOfAnotherCertificate, facts)).toEqual([
    { status: 'inconclusive', because, give },
  ]);
});

test('the same certificate on two members is one finding, and not one of shared keys besides', () => {
  const facts = certificateSet({
    files: files(certificateFile('node2.pem', node1), certificateFile('node1.pem', node1)),
    members: [member(), member({ name: 'node2' })],
  });

  expect(
    verdicts(sharedCertificate, facts).filter(({ status }) => status === 'fail'),
  ).toMatchObject([
    {
      message: 'node1 and node2 use the same certificate and key',
    },
  ]);
  expect(verdicts(sharedPrivateKey, facts).every(({ status }) => status === 'pass')).toBe(true);
});

test('a renewed certificate may keep its key', () => {
  const renewed = { ...node1, sha256: 'aa' };
  const facts = certificateSet({
    files: files(certificateFile('node1.pem', node1), certificateFile('peer1.pem', renewed)),
    members: [member({ peer: { certFile: set('peer1.pem') } })],
  });

  expect(verdicts(sharedPrivateKey, facts).every(({ status }) => status === 'pass')).toBe(true);
});

test('three members with certificates of their own share nothing', () => {
  const facts = certificateSet({ members: members() });

  for (const check of [sharedCertificate, sharedPrivateKey]) {
    expect(new Set(verdicts(check, facts).map(({ status }) => status))).toEqual(new Set(['pass']));
  }
});
