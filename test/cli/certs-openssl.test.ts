import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../support/program.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('openssl');

const made = { root: '', openssl: '', certs: '' };

const configuration = `[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:TRUE,pathlen:2
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth,1.3.6.1.5.5.7.3.17
subjectAltName=DNS:node1.example,DNS:*.etcd.example,IP:10.0.0.1,email:ops@example.org,URI:spiffe://example.org/etcd,RID:1.2.3.4
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
certificatePolicies=2.23.140.1.2.1,1.3.6.1.4.1.99999.1
crlDistributionPoints=URI:http://crl.example.org/ca.crl
authorityInfoAccess=OCSP;URI:http://ocsp.example.org,caIssuers;URI:http://ca.example.org/ca.der
1.3.6.1.4.1.99999.2=ASN1:UTF8String:hello
`;

beforeAll(async () => {
  made.root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-rich-'));
  await writeFile(join(made.root, 'r.cnf'), configuration);
  openssl(
    'req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -days 900 -config r.cnf -extensions ca -subj',
    '/CN=ca',
  );
  openssl(
    'req -new -newkey ec -pkeyopt ec_paramgen_curve:P-384 -nodes -keyout leaf.key -out leaf.csr -config r.cnf -subj',
    '/O=lab/OU=etcd/CN=node1',
  );
  openssl(
    'x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 0x1234abcd -days 365 -sha256 -extfile r.cnf -extensions leaf -out leaf.pem',
  );
  made.openssl = openssl('x509 -in leaf.pem -noout -text -fingerprint -sha256');
  made.certs = (await runProgram(['certs', 'leaf.pem'], { cwd: made.root })).stdout;
});

afterAll(async () => rm(made.root, { recursive: true }));

function openssl(words: string, last?: string): string {
  const parameters = [...words.split(' '), ...(last === undefined ? [] : [last])];
  return execFileSync('openssl', parameters, { cwd: made.root, stdio: 'pipe', encoding: 'utf8' });
}

test.each([
  ['Serial Number: 305441741 (0x1234abcd)', 'serial    1234abcd'],
  ['Signature Algorithm: sha256WithRSAEncryption', 'signed with SHA256-RSA'],
  ['NIST CURVE: P-384', 'key       ECDSA P-384'],
  ['Version: 3', 'version   3'],
  ['DNS:node1.example, DNS:*.etcd.example', 'DNS SAN   node1.example, *.etcd.example'],
  ['IP Address:10.0.0.1', 'IP SAN    10.0.0.1'],
  ['email:ops@example.org', 'email SAN ops@example.org'],
  ['URI:spiffe://example.org/etcd', 'URI SAN   spiffe://example.org/etcd'],
  ['Registered ID:1.2.3.4', 'other SAN 1 name of kinds that Go ignores'],
  ['CA:FALSE', 'CA        no'],
  ['Basic Constraints: critical', 'critical  CA, key usage'],
  ['Digital Signature, Key Encipherment', 'key usage digitalSignature, keyEncipherment'],
  [
    'TLS Web Server Authentication, TLS Web Client Authentication, ipsec Internet Key Exchange',
    'ext usage serverAuth, clientAuth, 1.3.6.1.5.5.7.3.17',
  ],
  ['Policy: 2.23.140.1.2.1', 'policies  2.23.140.1.2.1, 1.3.6.1.4.1.99999.1'],
  ['URI:http://crl.example.org/ca.crl', 'CRL       http://crl.example.org/ca.crl'],
  ['OCSP - URI:http://ocsp.example.org', 'OCSP      http://ocsp.example.org'],
  ['CA Issuers - URI:http://ca.example.org/ca.der', 'CA at     http://ca.example.org/ca.der'],
  ['1.3.6.1.4.1.99999.2:', 'other ext 1.3.6.1.4.1.99999.2'],
])('openssl shows "%s", certs shows "%s"', (openssl_, certs) => {
  expect(made.openssl).toContain(openssl_);
  expect(made.certs).toContain(certs);
});

test('key ids, the fingerprint and the validity are those that openssl shows', () => {
  const hex = (pattern: RegExp) =>
    pattern.exec(made.openssl)?.[1]?.replaceAll(':', '').toLowerCase() ?? 'not shown by openssl';
  const moment = (label: string) => {
    const [, shown = ''] = new RegExp(`${label} ?: (.+ GMT)`).exec(made.openssl) ?? [];
    return new Date(shown).toISOString().replace('.000Z', 'Z');
  };

  expect(made.certs).toContain(`key id    ${hex(/Subject Key Identifier: \s+([\dA-F:]+)/)}`);
  expect(made.certs).toContain(
    `issuer id ${hex(/Authority Key Identifier: \s+(?:keyid:)?([\dA-F:]+)/)}`,
  );
  expect(made.certs).toContain(`sha-256   ${hex(/Fingerprint=([\dA-F:]+)/)}`);
  expect(made.certs).toContain(`valid     ${moment('Not Before')} to ${moment('Not After')} (`);
});
