import { cipherSuite } from '../../etcd/cipher-suites.ts';
import { etcdVersion } from '../../etcd/version.ts';
import { defineCheck, fail, inconclusive, type Known, pass } from '../../model/check.ts';
import type { TlsOffer } from '../../model/live.ts';
import { intermediateSuites, mozilla } from '../../standards/mozilla-tls.ts';
import { enumerate } from '../../model/words.ts';
import { memberNamed } from '../support/subjects.ts';

export const weakCipherSuite = defineCheck({
  id: 'weak-cipher-suite',
  title: 'Port accepts weak cipher suites',
  severity: 'low',
  decidedBy: 'observation',
  rationale:
    'Suites with RSA key exchange allow recorded traffic to be decrypted with a key stolen later; suites ' +
    "with CBC or 3DES have known weaknesses. Mozilla's intermediate profile has none of them; Go before " +
    '1.22 offers them by default.',
  remediation:
    'Set `--cipher-suites` to ECDHE suites with GCM or CHACHA20 on one member at a time, and keep ' +
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (or the RSA one, depending on the key of the certificate): ' +
    'HTTP/2 needs it, and etcd does not start without it.',
  references: [
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
    'https://etcd.io/docs/latest/op-guide/security/',
  ],
  standards: [mozilla('intermediate', 'cipher suites')],

  needs: ['offers'],
  welcomes: ['members', 'endpoints'],

  targets: (facts) =>
    facts.offers
      .filter(({ versions }) => versions.some((version) => version !== '1.3'))
      .map(({ target, endpoint, cipherSuites, asked, incomplete }) => ({
        target,
        endpoint,
        isAll: asked === 'all',
        incomplete,
        outside: cipherSuites
          .filter(
            ({ tlsVersion, name }) => tlsVersion === '1.2' && !intermediateSuites.includes(name),
          )
          .map(({ name }) => name),
        setting: settingFor(endpoint, facts),
      })),

  examine({ endpoint, outside, setting, isAll, incomplete }) {
    if (outside.length === 0) {
      if (incomplete === undefined) return pass;
      return inconclusive(`the tests of cipher suites did not finish (${incomplete})`);
    }

    const several =
      isAll && outside.length > 1 ? `${outside.length} weak cipher suites are` : undefined;
    return fail({
      message: `${several ?? 'a weak cipher suite is'} accepted by ${memberNamed(endpoint)}`,
      expected: 'ECDHE with GCM or CHACHA20 in TLS 1.2',
      actual: `${enumerate(outside)}${isAll ? '' : ' (`verify --survey` lists all of them)'}`,
      ...(setting !== undefined && {
        fix:
          `Set \`--cipher-suites=${setting}\` on one member at a time. Keep the first suite: ` +
          'HTTP/2 needs it, and etcd does not start without it.',
      }),
    });
  },
});

/** The suites of the profile that this release of etcd knows by name and that the served key can sign for. */
function settingFor(
  { url, member: owner }: TlsOffer['endpoint'],
  { members = [], endpoints = [] }: Known<never, 'members' | 'endpoints'>,
): string | undefined {
  const member = members.find(({ name }) => name === owner);
  const [leaf] = endpoints.find(({ endpoint }) => endpoint.url === url)?.flight?.chain ?? [];
  if (member === undefined || leaf === undefined) return undefined;
  const version = etcdVersion(member.etcdVersion.value);
  const fitting = intermediateSuites.filter(
    (name) => cipherSuite(name, version)?.keyType === leaf.publicKey.algorithm,
  );
  return fitting.length === 0 ? undefined : fitting.join(',');
}
