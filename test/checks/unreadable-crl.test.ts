import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { skipWithout } from '../support/skip-without.ts';
import { threeMembers } from '../support/three-members.ts';

async function fixFor(list: string | Buffer): Promise<string | undefined> {
  const withList = { ETCD_PEER_CRL_FILE: '/etc/etcd/list.crl' };
  await using set = await threeMembers({ n1: withList }, { 'list.crl': list.toString('latin1') });
  const { results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.6.14' });
  return results.flatMap(({ check, verdict }) =>
    check.id === 'crl-unreadable-by-etcd' && verdict.status === 'fail' ? (verdict.fix ?? []) : [],
  )[0];
}

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
