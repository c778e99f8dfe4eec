import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { causeOfEdge } from '../../src/diagnoses/cause-of-edge.ts';
import { edge } from '../fixtures/builders.ts';

/** Rules by which a connection is let in, or by which nothing can be said. */
const refusesNobody = [
  'etcd.anonymous',
  'etcd.cut-off',
  'etcd.mutual-tls',
  'etcd.plaintext',
  'file.not-given',
];

test('every rule of the forecast that refuses has a cause', async () => {
  const rules = await rulesIn('src/forecast');

  expect(rules).toContain('x509.expired');
  expect(rules.filter((rule) => causeOfEdge(edge({ rule })) === undefined)).toEqual(refusesNobody);
});

test.each([
  { rule: 'x509.unknown-authority', refusedBy: 'server', cause: 'CA-SERVER' },
  { rule: 'x509.unknown-authority', refusedBy: 'client', cause: 'CA-CLIENT' },
  { rule: 'x509.same-name-other-key', refusedBy: 'server', cause: 'CA-MIX' },
  { rule: 'x509.missing-intermediate', refusedBy: 'client', cause: 'CHAIN' },
  { rule: 'x509.issuer-not-an-authority', refusedBy: 'client', cause: 'CHAIN' },
  { rule: 'etcd.ca-file-unparsable', refusedBy: 'start', cause: 'PEM' },
] as const)('$rule by the $refusedBy: $cause', ({ rule, refusedBy, cause }) => {
  expect(causeOfEdge(edge({ rule, refusedBy }))).toBe(cause);
});

async function rulesIn(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const ids = texts
    .join('\n')
    .matchAll(/'((?:etcd|tls|x509|file|endpoint|openssl)\.[a-z][a-z0-9-]+)'/g);
  return [...new Set([...ids].map(([, id = '']) => id))].toSorted();
}
