import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { listsInForce } from '../../deployment/revocations.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const crlOfAnotherIssuer = defineCheck({
  id: 'crl-of-another-issuer',
  title: 'A revocation list is of another CA than the one that is trusted',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd compares serial numbers and nothing else: the certificates that the list means are not even ' +
    'trusted here, those that the right list would name are let in, and an innocent certificate with the ' +
    'same number is refused.',
  remediation:
    'Name the revocation list of the trusted CA in `--client-crl-file` or `--peer-crl-file`. etcd reads ' +
    'one list only: with several CAs, join their serial numbers in one.',
  references: [etcdListener, rfc5280('5.1.2.3')],
  standards: [],

  needs: ['files', 'members'],

  targets: (facts) => listsInForce(facts).filter(({ authorityFiles }) => authorityFiles.length > 0),

  examine({ list, authorityFiles }) {
    const trusted = authorityFiles.flatMap(certificatesIn).map(({ subject }) => subject);
    if (trusted.some(({ raw }) => raw === list.issuer.raw)) return pass;

    return fail({
      message: `the list is of ${list.issuer.text}, which is not trusted where it is used`,
      expected: enumerate([...new Set(trusted.map(({ text }) => text))]) || 'a trusted CA',
      actual: list.issuer.text,
    });
  },
});
