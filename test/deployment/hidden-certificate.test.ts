import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { fromPem, issueAuthority } from '../support/pki.ts';
import { directoryWith } from '../support/directory.ts';

const authority = await issueAuthority({ commonName: 'etcd-ca' });

async function node(name: string, address: string) {
  return await authority.issue({
    commonName: name,
    hosts: [name, address, 'localhost', '127.0.0.1'],
    usages: ['serverAuth', 'clientAuth'],
  });
}

const [first, second] = [await node('n1', '10.0.0.1'), await node('n2', '10.0.0.2')];
const pem = second.certificatePem;

test.each([
  { what: 'a byte order mark', file: `\uFEFF${pem}` },
  { what: 'indentation', file: pem.replaceAll(/^/gm, '  ') },
  { what: 'UTF-16', file: Buffer.from(`\uFEFF${pem}`, 'utf16le') },
  { what: 'DER', file: fromPem(pem) },
])('a node whose certificate Go does not see for $what is a member', async ({ file }) => {
  await using set = await directoryWith({
    'ca.crt': authority.certificatePem,
    'n1.crt': first.certificatePem,
    'n1.key': first.privateKeyPem,
    'n2.crt': file,
    'n2.key': second.privateKeyPem,
  });
  const { facts, verdict, results } = await audit({ paths: [set.path], maps: [] });
  const urgent = results
    .filter(({ verdict: { status } }) => status === 'fail')
    .filter(({ check: { severity } }) => severity === 'high' || severity === 'critical')
    .map(({ check: { id }, target: { name } }) => `${id}: ${name}`);

  expect(facts.members?.map(({ name }) => name)).toEqual(['n1', 'n2']);
  expect([verdict.status, urgent]).toEqual(['fail', [`credential-refused: ${set.at('n2.crt')}`]]);
});
