import { expect, test } from 'vitest';
import { readBytes } from '../../../src/collect/files/read-files.ts';
import { issueAuthority } from '../../support/pki.ts';

const pem = await pemOf();
const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');

test.each([
  { what: 'DER under any name', path: 'node1', bytes: der, kind: 'der' },
  {
    what: 'a key store of Java',
    path: 'etcd.keystore',
    bytes: Buffer.concat([Buffer.from('feedfeed00000002', 'hex'), der]),
    kind: 'key-store',
  },
  {
    what: 'PEM in UTF-16',
    path: 'node1.pem',
    bytes: Buffer.from(`\ufeff${pem}`, 'utf16le'),
    kind: 'utf-16',
  },
])('tells $what', ({ path, bytes, kind }) => {
  const { file } = readBytes({ path, bytes });

  expect(file).toMatchObject({ path, blocks: [], traps: [{ kind }] });
});

test('passes over binary files that hold neither certificate nor key', () => {
  expect(readBytes({ path: 'member/snap/db', bytes: Buffer.alloc(8192) })).toEqual({});
});

async function pemOf(): Promise<string> {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  return authority.certificatePem;
}
