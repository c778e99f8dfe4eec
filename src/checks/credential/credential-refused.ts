import { defineCheck } from '../../model/check.ts';
import {
  atCertificate,
  describePair,
  examinePair,
  readablePairsOf,
  loadingRules,
} from '../support/pair-check.ts';
import type { LoadFault } from '../../pki/load-key-pair.ts';
import { etcdListener, goTls } from '../support/references.ts';

export const credentialRefused = defineCheck({
  id: 'credential-refused',
  title: 'etcd or a client cannot load its certificate and key',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd exits if Go finds no certificate in the certificate file or cannot parse the key: for the peer ' +
    'port at once, for the client port after joining the cluster, with "listener failed".',
  remediation:
    'Write both files as plain PEM, without byte order mark: a CERTIFICATE block first in one, a PRIVATE ' +
    'KEY block (PKCS#8, SEC1 or PKCS#1; RSA, ECDSA or Ed25519) in the other.',
  references: [goTls, etcdListener],

  explains: loadingRules,
  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    readablePairsOf(facts).flatMap((pair) => {
      const fault = pair.judgement?.error;
      return fault?.file === 'key' ? [pair] : atCertificate([pair]);
    }),

  examine: (pair) =>
    examinePair(pair, 'unusable', ({ certificate, key }, { error }) => ({
      message: `the ${describePair(pair)} cannot be loaded: ${error?.text ?? ''}`,
      expected: 'a PEM certificate and its unencrypted PEM key',
      actual: trapOf(certificate.file) ?? trapOf(key?.file) ?? 'files that Go cannot load',
      ...(isOfCertificate(error) && { fix: reissueIt }),
    })),
});

function trapOf(file: { readonly traps: readonly { readonly detail: string }[] } | undefined) {
  return file?.traps[0]?.detail;
}

/** Go finds the certificate and rejects what is in it, however it is written down. */
function isOfCertificate(error: LoadFault | undefined): boolean {
  return error?.file === 'certificate' && /^x509\.(?:malformed|unparsable)$/.test(error.kind);
}

const reissueIt =
  'Reissue the certificate without what Go rejects: Go cannot parse it, whatever the form of the file.';
