import { defineCheck, fail, pass } from '../../model/check.ts';
import { describeTrust } from '../../deployment/certificates-in-use.ts';
import { etcdListener } from '../support/references.ts';
import { aboutTrust } from '../support/about-trust.ts';
import { bundlesOf } from '../../deployment/certificate-uses.ts';

const plainPem =
  'Write the CA certificates as plain PEM, each BEGIN CERTIFICATE alone and at the start of its line';

export const emptyAuthorityFile = defineCheck({
  id: 'empty-authority-file',
  title: 'Trusted CA file contains no certificate that Go can read',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd treats a CA file without any certificate as an empty list of CAs and starts without an error. ' +
    'From then on it rejects every client with "certificate signed by unknown authority". OpenSSL may ' +
    'read the same file: a byte order mark, indentation, DER instead of PEM, or two blocks joined on one ' +
    'line are enough.',
  remediation: `${plainPem}, and restart the members one at a time: CA files are read only at start.`,
  references: [etcdListener, 'https://pkg.go.dev/encoding/pem#Decode'],

  explains: ['x509.unknown-authority'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => bundlesOf(facts).filter(({ file }) => file.unreadable === undefined),

  examine({ file, trustedBy }) {
    if (file.blocks.length > 0) return pass;

    return fail({
      about: trustedBy.map(aboutTrust),
      message: `the ${describeTrust(trustedBy)} is empty: Go finds no certificate in the file`,
      expected: 'at least one PEM block of type CERTIFICATE',
      actual: `${file.size} bytes without a PEM block`,
      ...(file.traps[0] !== undefined && { cause: file.traps[0].detail }),
      ...(trustedBy.every(({ member }) => member === undefined) && { fix: `${plainPem}.` }),
    });
  },
});
