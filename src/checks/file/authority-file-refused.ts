import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutFile } from '../../model/about.ts';
import type { FileFact } from '../../model/files.ts';
import { loadCaPool } from '../../pki/load-ca-pool.ts';
import { describeTrust } from '../../deployment/certificates-in-use.ts';
import { etcdListener } from '../support/references.ts';
import { bundlesOf, certificatesIn, keysIn } from '../../deployment/certificate-uses.ts';

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

  targets: (facts) =>
    bundlesOf(facts)
      .filter(({ file }) => file.unreadable === undefined)
      .map((bundle) => ({ ...bundle, files: facts.files })),

  examine({ file, trustedBy, files }) {
    const releases = new Map(trustedBy.map(({ go }) => [go.text, go]));
    const pool = [...releases.values()].map((go) => loadCaPool(file, go)).find(({ ok }) => !ok);
    if (pool === undefined || pool.ok) return pass;

    const stray = file.blocks.find(
      ({ kind }) => kind !== 'certificate' && kind !== 'malformed-certificate',
    );
    const malformed = file.blocks.find(({ kind }) => kind === 'malformed-certificate');
    return fail({
      about: [aboutFile(file.path)],
      message: `the ${describeTrust(trustedBy)} cannot be loaded: ${pool.error.text}`,
      expected: 'certificates only',
      actual: stray === undefined ? pool.error.text : `a ${stray.type} block in line ${stray.line}`,
      ...(stray === undefined && { fix: reissued(file, malformed?.line) }),
      ...givenInstead(file, files),
    });
  },
});

/** The file holds the key of a CA, and another one that CA. */
function givenInstead(file: FileFact, files: readonly FileFact[]): { readonly fix?: string } {
  const [key] = certificatesIn(file).length > 0 ? [] : keysIn(file);
  const other = files.find((each) =>
    certificatesIn(each).some(({ publicKey }) => publicKey.sha256 === key?.publicKeySha256),
  );
  if (other === undefined) return {};
  return {
    fix: `Set ${other.path} as the trusted CA file, or swap the two: ${file.path} contains the private key of that CA.`,
  };
}

/** Go refuses the certificate itself, however it is written down. */
function reissued({ path }: FileFact, line: number | undefined): string {
  const at = line === undefined ? '' : `, line ${line},`;
  return (
    `Reissue the CA certificate in ${path}${at} that Go cannot parse, with the same key and name, or remove it if ` +
    'nothing in use was issued by it. Then restart the members one at a time.'
  );
}
