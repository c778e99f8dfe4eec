import { createPrivateKey } from 'node:crypto';
import { expect, test } from 'vitest';
import { collect } from '../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { directoryWith } from '../support/directory.ts';
import { type KeyKind, issueAuthority } from '../support/pki.ts';
import { seedDropIn, seedFiles } from '../support/seed-set.ts';

test('comes back as it was', async () => {
  await using set = await directoryWith({
    ...(await seedFiles()),
    '10-etcd-member.conf': seedDropIn,
  });
  const evidence = await collect({ paths: [set.path], maps: [] });

  const text = serializeEvidence(evidence);
  const again = parseEvidence(text, 'evidence.json');

  expect(again).toEqual(evidence);
  expect(JSON.parse(serializeEvidence(again))).toEqual(JSON.parse(text));
});

const empty = { schemaVersion: 3, collectedAt: '2026-01-01T00:00:00.000Z', facts: {}, gaps: {} };
const file = { path: 'a', size: 1, blocks: [], traps: [] };

test.each([
  { value: 'no json', message: 'not JSON' },
  { value: [], message: 'not an object' },
  {
    value: { ...empty, schemaVersion: 2, results: [] },
    message: 'is a report, not saved evidence',
  },
  { value: { ...empty, schemaVersion: 2 }, message: 'reads version 3, not 2; collect it again' },
  { value: { ...empty, schemaVersion: '3' }, message: 'at schemaVersion: must be a number' },
  { value: { ...empty, collectedAt: 'now' }, message: 'at collectedAt' },
  { value: { ...empty, facts: undefined }, message: 'at facts: is missing' },
  { value: { ...empty, facts: { magic: [] } }, message: 'at facts.magic: unknown property' },
  { value: { ...empty, magic: [] }, message: 'at magic: unknown property' },
  { value: { ...empty, facts: { files: {} } }, message: 'at facts.files: must be a list' },
  {
    value: { ...empty, facts: { files: [{ ...file, size: '1' }] } },
    message: 'at facts.files[0].size',
  },
  {
    value: { ...empty, facts: { files: [{ ...file, secret: 'x' }] } },
    message: 'at facts.files[0].secret: unknown property',
  },
  {
    value: { ...empty, facts: { statuses: [{ url: 'x', outcome: 'answered' }] } },
    message: 'at facts.statuses[0].url: not the URL of an endpoint',
  },
  ...['member', 'serves', 'endpoint', 'owner', 'target'].map((concluded) => ({
    value: {
      ...empty,
      facts: {
        statuses: [{ url: 'https://10.0.0.1:2379', outcome: 'answered', [concluded]: 'node1' }],
      },
    },
    message: `at facts.statuses[0].${concluded}: unknown property`,
  })),
  { value: { ...empty, gaps: { members: 1 } }, message: 'at gaps.members' },
  { value: { ...empty, gaps: { toString: 'x' } }, message: 'at gaps' },
])('refuses what has "$message"', ({ value, message }) => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);

  expect(() => parseEvidence(text, 'evidence.json')).toThrow(message);
  expect(() => parseEvidence(text, 'evidence.json')).toThrow('evidence.json: ');
});

test('refuses a certificate that is not what its DER says', async () => {
  await using set = await directoryWith(await seedFiles());
  const text = serializeEvidence(await collect({ paths: [set.path], maps: [] }));
  const forged = text.replace(/"notAfter": "\d{4}/, '"notAfter": "2999');

  expect(forged).not.toBe(text);
  expect(() => parseEvidence(forged, 'evidence.json')).toThrow(
    /certificate: does not match its DER/,
  );
});

test.each<KeyKind>(['ec-p256', 'ec-p384', 'ec-p521', 'rsa-1024', 'rsa-2048', 'ed25519'])(
  'takes no %s key in, neither as PEM nor as base64 of DER',
  async (key) => {
    const { privateKeyPem } = await issueAuthority({ commonName: 'ca', key });
    const object = createPrivateKey(privateKeyPem);
    const type = key.startsWith('rsa') ? 'pkcs1' : key.startsWith('ec') ? 'sec1' : 'pkcs8';
    const traditional = object.export({ type, format: 'der' }).toString('base64');
    const der = object.export({ type: 'pkcs8', format: 'der' }).toString('base64');

    for (const smuggled of [privateKeyPem, der, traditional]) {
      const text = JSON.stringify({ ...empty, gaps: { members: smuggled } });
      expect(() => parseEvidence(text, 'evidence.json')).toThrow('contains a private key');
    }
  },
);

test('is not written with a private key in it', async () => {
  const { privateKeyPem } = await issueAuthority({ commonName: 'ca' });

  expect(() => serializeEvidence({ ...empty, gaps: { members: privateKeyPem } })).toThrow(
    'was not written',
  );
});
