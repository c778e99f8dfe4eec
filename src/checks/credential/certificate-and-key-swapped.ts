import { defineCheck } from '../../model/check.ts';
import {
  atCertificate,
  describePair,
  examinePair,
  readablePairsOf,
  loadingRules,
} from '../support/pair-check.ts';
import { etcdConfiguration, goTls } from '../support/references.ts';
import { keysIn } from '../../deployment/certificate-uses.ts';

export const certificateAndKeySwapped = defineCheck({
  id: 'certificate-and-key-swapped',
  title: 'Certificate and key files are swapped',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd does not start: it looks for a certificate in one file and finds a key, or the reverse.',
  remediation:
    'Set the certificate in `--cert-file` (`--peer-cert-file`) and the key in `--key-file` ' +
    '(`--peer-key-file`).',
  references: [goTls, etcdConfiguration],

  explains: loadingRules,
  needs: ['files', 'members', 'clients'],

  targets: (facts) => atCertificate(readablePairsOf(facts)),

  examine: (pair) =>
    examinePair(pair, 'swapped-files', ({ certificate }) => ({
      message: `certificate and key files of the ${describePair(pair)} are swapped`,
      expected: 'a certificate in the certificate file, a key in the key file',
      actual:
        certificate.file !== undefined && keysIn(certificate.file).length > 0
          ? `a private key in ${certificate.path}`
          : 'a certificate in the key file',
    })),
});
