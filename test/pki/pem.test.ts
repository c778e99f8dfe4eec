import { expect, test } from 'vitest';
import { describeFile } from '../../src/pki/describe-file.ts';
import { fromPem, issueAuthority } from '../support/pki.ts';

const { certificatePem, privateKeyPem } = await issueAuthority({ commonName: 'etcd-ca' });
const [begin = '', ...rest] = certificatePem.trimEnd().split('\n');
const body = rest.slice(0, -1).join('\n');
const end = rest.at(-1) ?? '';

test.each([
  ['byte-order-mark', `\ufeff${certificatePem}`],
  ['indented', certificatePem.replaceAll(/^/gm, '  ')],
  ['glued-blocks', certificatePem.trimEnd() + certificatePem],
  ['bad-base64', `${begin}\n${body}*\n${end}\n`],
  ['truncated', `${begin}\n${body}\n`],
  ['empty', ''],
  ['no-pem', 'certificates are elsewhere\n'],
])('tells of %s, where a person sees a certificate and Go does not', (kind, text) => {
  const { blocks, traps } = describeFile({ path: 'ca.pem', bytes: Buffer.from(text) });

  expect(blocks).toEqual([]);
  expect(traps.map((trap) => trap.kind)).toContain(kind);
});

test.each([
  { label: 'PGP PUBLIC KEY BLOCK', kinds: [] },
  { label: 'CERTIFICATE', kinds: ['bad-base64'] },
])('tells of $kinds in a $label that Go does not read', ({ label, kinds }) => {
  const text = `-----BEGIN ${label}-----\n\nmQENBF\n=AAAA\n-----END ${label}-----\n`;
  const { traps } = describeFile({ path: 'signer.asc', bytes: Buffer.from(text) });

  expect(traps.map(({ kind }) => kind)).toEqual(kinds);
});

test('tells of a certificate in DER', () => {
  const { blocks, traps } = describeFile({ path: 'ca.der', bytes: fromPem(certificatePem) });

  expect(blocks).toEqual([]);
  expect(traps).toMatchObject([{ kind: 'der' }]);
});

test.each([
  ['carriage returns', certificatePem.replaceAll('\n', '\r\n')],
  ['text before it', `subject=CN = etcd-ca\n${certificatePem}`],
  ['blanks behind the dashes', certificatePem.replaceAll('-----\n', '-----  \n')],
  ['one long line', `${begin}\n${body.replaceAll('\n', '')}\n${end}`],
  ['a broken block before it', `${begin}\n!\n${end}\n${certificatePem}`],
])('finds the certificate in spite of %s', (_, text) => {
  const { blocks } = describeFile({ path: 'ca.pem', bytes: Buffer.from(text) });

  expect(blocks).toMatchObject([
    { kind: 'certificate', certificate: { subject: { text: 'CN=etcd-ca' } } },
  ]);
});

test('says in which line each block begins', () => {
  const text = `first\n${certificatePem}second\n${privateKeyPem}`;
  const { blocks } = describeFile({ path: 'both.pem', bytes: Buffer.from(text) });

  const lines = text.split('\n');
  expect(blocks.map(({ line }) => lines[line - 1])).toEqual([
    '-----BEGIN CERTIFICATE-----',
    '-----BEGIN PRIVATE KEY-----',
  ]);
});

test('keeps no byte of a key, whatever the block is called', () => {
  const disguised = privateKeyPem.replaceAll('PRIVATE KEY', 'CERTIFICATE');
  const secret = Buffer.from(fromPem(privateKeyPem)).toString('base64').slice(60, 100);

  for (const text of [privateKeyPem, disguised]) {
    const fact = describeFile({ path: 'key.pem', bytes: Buffer.from(text) });
    expect(JSON.stringify(fact)).not.toContain(secret);
    expect(fact.blocks).toHaveLength(1);
  }
});
