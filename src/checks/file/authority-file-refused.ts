import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutFile } from '../../model/about.ts';
import { goRelease } from '../../pki/go-release.ts';
import { loadCaPool } from '../../pki/load-ca-pool.ts';
import { describeTrust } from '../../deployment/certificates-in-use.ts';
import { etcdListener } from '../support/references.ts';
import { bundlesOf } from '../../deployment/certificate-uses.ts';

export const authorityFileRefused = defineCheck({
  id: 'authority-file-refused',
  title: 'etcd cannot parse a trusted CA file',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd parses every PEM block of a CA file as a certificate, whatever its label is. With a key, a CRL ' +
    'or an OpenSSL "TRUSTED CERTIFICATE" in it the process exits: at once for peers, and for clients only ' +
    'after the member has joined, with "listener failed".',
  remediation:
    'Keep only CERTIFICATE blocks in the file: `openssl x509 -in FILE` prints the first one. Put keys and ' +
    'CRLs in separate files. Then restart the members one at a time.',
  references: [etcdListener],

  explains: ['etcd.ca-file-unparsable'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => bundlesOf(facts).filter(({ file }) => file.unreadable === undefined),

  examine({ file, trustedBy }) {
    const goVersion = trustedBy[0]?.goVersion ?? '1.25';
    const pool = loadCaPool(file, goRelease(goVersion));
    if (pool.ok) return pass;

    const stray = file.blocks.find(({ kind }) => kind !== 'certificate');
    return fail({
      about: [aboutFile(file.path)],
      message: `the ${describeTrust(trustedBy)} cannot be loaded: ${pool.error.text}`,
      expected: 'certificates only',
      actual: stray === undefined ? pool.error.text : `a ${stray.type} block in line ${stray.line}`,
    });
  },
});
