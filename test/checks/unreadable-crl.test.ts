import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { fromPem, issueAuthority } from '../support/pki.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

function unreadable(says: string): readonly unknown[] {
  return ['fail', ['crl-unreadable-by-etcd', expect.stringContaining(says)]];
}

async function fixFor(list: string | Buffer): Promise<string | undefined> {
  const withList = { ETCD_PEER_CRL_FILE: '/etc/etcd/list.crl' };
  await using set = await threeMembers({ n1: withList }, { 'list.crl': list.toString('latin1') });
  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.6.14' });
  return results.flatMap(({ check, verdict }) =>
    check.id === 'crl-unreadable-by-etcd' && verdict.status === 'fail' ? (verdict.fix ?? []) : [],
  )[0];
}

describe('a CRL of a client port for which no client is described', () => {
  const authority = issueAuthority({ commonName: 'etcd-ca' });

  async function judged(list: string | Uint8Array, etcdVersion?: string) {
    const ca = await authority;
    const server = await ca.issue({ commonName: 'n1', hosts: ['127.0.0.1'] });
    await using set = await directoryWith({
      'ca.crt': ca.certificatePem,
      'server.crt': server.certificatePem,
      'server.key': server.privateKeyPem,
      'list.crl': list,
      'etcd.env':
        'ETCD_NAME=n1\nETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379\nETCD_ADVERTISE_CLIENT_URLS=https://127.0.0.1:2379\n' +
        'ETCD_LISTEN_PEER_URLS=http://127.0.0.1:2380\nETCD_CERT_FILE=server.crt\nETCD_KEY_FILE=server.key\n' +
        'ETCD_CLIENT_CERT_AUTH=true\nETCD_TRUSTED_CA_FILE=ca.crt\nETCD_CLIENT_CRL_FILE=list.crl\n',
    });
    const version = etcdVersion !== undefined && { etcdVersion };
    const { verdict, results } = await audit({ paths: [set.path], maps: [], ...version });
    const said = results.flatMap(({ check, verdict: found }) =>
      found.status === 'fail' && check.severity === 'high' ? [[check.id, found.actual]] : [],
    );
    return [verdict.status, ...said];
  }

  const malformed = unreadable('x509: malformed crl');

  test('is read in DER by every release, and as PEM up to 3.5', async () => {
    const pem = String(await (await authority).revoke([]));
    const der = fromPem(pem);

    expect(await judged(der)).toEqual(['pass']);
    expect(await judged(pem, '3.5.30')).toEqual(['pass']);
    expect(await judged(pem, '3.6.14')).toEqual(malformed);
    expect(await judged(pem)).toEqual(['incomplete']);
  });

  test('is not read behind a byte order mark, as UTF-16 or empty', async () => {
    const pem = String(await (await authority).revoke([]));

    for (const text of [`\uFEFF${pem}`, Buffer.from(`\uFEFF${pem}`, 'utf16le'), '']) {
      expect(await judged(text, '3.5.30')).toEqual(unreadable('asn1: '));
      expect(await judged(text, '3.6.14')).toEqual(malformed);
      expect(await judged(text)).toContain('fail');
    }
  });
});

describe('the fix for a CRL that etcd cannot read', () => {
  test.each(['', 'not a list\n'])('that contains none: %j', async (text) => {
    const fix = await fixFor(text);

    expect(fix).toMatch(/^Write the CRL of the CA to .*, or remove the setting/);
  });

  describe('by OpenSSL', () => {
    skipWithout('openssl');

    test.each([
      ['', 'issue'],
      ['-crlexts crl_ext', 'convert'],
    ])('with openssl ca -gencrl %s', async (option, does) => {
      await using ca = await directoryWith({
        'ca.cnf':
          '[ca]\ndefault_ca=own\n[own]\ndatabase=index.txt\ncertificate=ca.pem\nprivate_key=ca.key\n' +
          'default_md=sha256\ndefault_crl_days=9\n[crl_ext]\nauthorityKeyIdentifier=keyid\n[dn]\n',
        'index.txt': '',
      });
      const openssl = (...words: readonly string[]) =>
        execFileSync('openssl', words, { cwd: ca.path, stdio: 'pipe' });
      openssl(
        ...'req -x509 -newkey rsa:2048 -nodes -subj /CN=x -keyout ca.key -out ca.pem'.split(' '),
      );

      openssl(...`ca -config ca.cnf -gencrl -out list.pem ${option}`.trim().split(' '));

      const fix = await fixFor(readFileSync(ca.at('list.pem')));

      expect(fix?.toLowerCase()).toMatch(new RegExp(`^${does} `));
    });
  });
});
