import { defineCheck, fail, pass } from '../../model/check.ts';
import { shortList } from '../held.ts';

/** Suites without forward secrecy or without authenticated encryption. */
const weak = /^TLS_RSA_|_3DES_|_RC4_|_CBC_|_NULL_|_EXPORT_|_anon_/;

export const weakCipherSuite = defineCheck({
  id: 'weak-cipher-suite',
  title: 'A port still takes cipher suites that are out of use',
  severity: 'low',
  rationale:
    'Suites with RSA key exchange let whoever gets the key later read what was recorded earlier; those ' +
    "with CBC or 3DES have known weaknesses. Mozilla's intermediate profile has none of them; Go before " +
    '1.22 offers them by default.',
  remediation:
    'Set `--cipher-suites` to ECDHE suites with GCM or CHACHA20 on one member after the other, and keep ' +
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (or the one with RSA, by the key of the certificate) among ' +
    'them: HTTP/2 needs it, and etcd does not start without.',
  references: [
    'https://wiki.mozilla.org/Security/Server_Side_TLS',
    'https://etcd.io/docs/latest/op-guide/security/',
  ],
  standards: [],

  needs: ['offers'],

  targets: ({ offers }) => offers.filter(({ cipherSuites }) => cipherSuites.length > 0),

  examine({ cipherSuites }) {
    const found = cipherSuites.map(({ name }) => name).filter((name) => weak.test(name));
    if (found.length === 0) return pass;

    return fail({
      message: `it takes ${found.length === 1 ? 'a weak cipher suite' : `${found.length} weak cipher suites`}`,
      expected: 'ECDHE with GCM or CHACHA20 in TLS 1.2',
      actual: shortList(found),
    });
  },
});
