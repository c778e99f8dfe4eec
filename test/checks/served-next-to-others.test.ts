import { expect, test } from 'vitest';
import { isFinding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { issueAuthority } from '../support/pki.ts';
import { certificatesOf, type Leaves, seenServing } from '../support/served.ts';
import { textWith } from '../support/matching.ts';

const other = await issueAuthority({ commonName: 'other-ca' });
const [one, two] = ['10.0.0.1', '10.0.0.2'];
const sound: Leaves = { node1: { hosts: [one] }, node2: { hosts: [two] } };

/** What a client says that has nothing but its own files. */
async function said(
  leaves: Leaves,
  served: Readonly<Record<string, string>>,
  answering: Readonly<Record<string, string>>,
) {
  await using directory = await certificatesOf(leaves);
  const paths = ['ca.pem', 'client.pem', 'client-key.pem'].map((name) => directory.at(name));
  return refusalsIn(await seenServing(directory, served, paths, answering));
}

/** Two questions about one certificate: what the client finds there, and what the member advertises. */
const names = ['served-certificate-refused', 'advertised-url-not-served'];

function refusalsIn({ results }: Report) {
  return results
    .filter(isFinding)
    .filter(({ check }) => names.includes(check.id))
    .map(({ target, verdict }) => ({
      target: target.name,
      cause: verdict.cause ?? '',
      fix: verdict.fix ?? '',
    }));
}

const each = { [one]: 'node1', [two]: 'node2' };
const ids = { [one]: '1', [two]: '2' };

test('one member of another CA is to blame where the client accepts the others', async () => {
  const [refusal, ...more] = await said(
    { ...sound, node1: { hosts: [one], by: other } },
    each,
    ids,
  );

  expect(more).toEqual([]);
  expect(refusal).toMatchObject({
    target: `https://${one}:2379`,
    cause: textWith('node1 serves a certificate of another CA than node2 [CA-CLIENT]'),
    fix: textWith('Reissue the server certificate of node1'),
  });
});

test('where all members are of another CA, the client is', async () => {
  const leaves = { node1: { hosts: [one], by: other }, node2: { hosts: [two], by: other } };
  const refusals = await said(leaves, each, ids);

  expect(refusals).toHaveLength(2);
  for (const { cause, fix } of refusals) {
    expect(cause).toContain(
      'the client does not trust the CA of the server certificate [CA-CLIENT]',
    );
    expect(fix).toContain('Give the client the CA');
  }
});

test.each([
  ['another process, that has a copy', ids, 'SAN-COPY', 'node2 serves the very same certificate'],
  [
    'the same process, to which something leads',
    { [one]: '2', [two]: '2' },
    'PROXY',
    'the process that answers is node2',
  ],
])('the certificate of another member is of %s', async (_what, answering, code, because) => {
  const [refusal, ...more] = await said(sound, { [one]: 'node2', [two]: 'node2' }, answering);

  expect(more).toEqual([]);
  expect(refusal?.cause).toContain(`[${code}]\n${because}`);
});

test('a certificate that lacks the host, and that no other member serves, is to be reissued', async () => {
  const [refusal, ...more] = await said({ ...sound, node1: { hosts: ['10.0.0.9'] } }, each, ids);

  expect(more).toEqual([]);
  expect(refusal?.cause).toContain('[SAN]');
  expect(refusal?.cause).not.toMatch(/SAN-COPY|PROXY/);
});
