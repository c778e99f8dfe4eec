import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority, type KeyKind } from '../support/pki.ts';

const settings = [
  'ETCD_NAME=n1',
  'ETCD_DATA_DIR=/var/lib/etcd',
  'ETCD_LISTEN_CLIENT_URLS=https://127.0.0.1:2379',
  'ETCD_ADVERTISE_CLIENT_URLS=https://127.0.0.1:2379',
  'ETCD_LISTEN_PEER_URLS=http://127.0.0.1:2380',
  'ETCD_CERT_FILE=server.crt',
  'ETCD_KEY_FILE=server.key',
  'ETCD_CLIENT_CERT_AUTH=true',
  'ETCD_TRUSTED_CA_FILE=ca.crt',
];

/** What is said of a member alone, for which no client is described, with a server key of this kind. */
async function judged(key: KeyKind, etcdVersion: string | undefined, more?: readonly string[]) {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const usages = ['serverAuth', 'clientAuth'] as const;
  const server = await ca.issue({ commonName: 'n1', hosts: ['127.0.0.1'], usages, key });
  await using set = await directoryWith({
    'ca.crt': ca.certificatePem,
    'server.crt': server.certificatePem,
    'server.key': server.privateKeyPem,
    ...(more && { 'etcd.env': [...settings, ...more].join('\n') }),
  });
  const version = etcdVersion !== undefined && { etcdVersion };
  const { verdict, results } = await audit({ paths: [set.path], maps: [], ...version });
  const failing = results.flatMap(({ check: { id, severity }, verdict: found }) =>
    found.status === 'fail' && severity === 'high' ? [[id, found.cause]] : [],
  );
  return [verdict.status, ...failing];
}

const logged = (text: string): string => `etcd logs: ${text}`;
const tooSmall = 'tls: certificate RSA key size too small for supported signature algorithms';

describe('a server key with which TLS cannot sign', () => {
  test.each(['3.4.23', '3.5.30', '3.6.4'])(
    'is named without a client, etcd %s',
    async (version) => {
      expect(await judged('rsa-512', version, [])).toEqual([
        'fail',
        ['rsa-key-too-small-for-tls', logged(tooSmall)],
      ]);
      expect(await judged('rsa-2048', version, [])).toEqual(['pass']);
    },
  );

  test('signs in TLS 1.2 until Go 1.23, which etcd 3.5.7 and before have alone', async () => {
    const old = ['ETCD_TLS_MAX_VERSION=TLS1.2'];

    expect(await judged('rsa-512', '3.6.4', old)).toEqual(['pass']);
    expect(await judged('rsa-512', '3.6.8', old)).toEqual([
      'fail',
      [
        'rsa-key-too-small-for-tls',
        expect.stringContaining('crypto/rsa: 512-bit keys are insecure'),
      ],
    ]);
    expect(await judged('rsa-512', '3.5.7', [])).toEqual(['pass']);
    expect(await judged('rsa-512', undefined, [])).toEqual(['incomplete']);
  });

  test('is an open question where settings were not given', async () => {
    expect(await judged('rsa-512', '3.5.30')).toEqual(['incomplete']);
    expect(await judged('rsa-2048', '3.5.30')).toEqual(['pass']);
  });

  test('on P-224 is one in TLS 1.3 alone', async () => {
    const cause = logged('tls: unsupported certificate curve (P-224)');

    expect(await judged('ec-p224', '3.6.4', [])).toEqual(['fail', ['curve-refused-by-go', cause]]);
    expect(await judged('ec-p224', '3.6.4', ['ETCD_TLS_MAX_VERSION=TLS1.2'])).not.toContain('fail');
    expect(await judged('ec-p256', '3.6.4', [])).toEqual(['pass']);
  });
});
