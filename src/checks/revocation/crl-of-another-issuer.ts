import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdListener, rfc5280 } from '../support/references.ts';
import { listsInForce } from '../../deployment/revocations.ts';
import { certificatesIn } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const crlOfAnotherIssuer = defineCheck({
  id: 'crl-of-another-issuer',
  title: 'CRL is from a CA that is not trusted',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd compares only serial numbers: certificates on the list are not trusted here anyway, ' +
    'certificates that the right list would revoke are accepted, and a valid certificate with the same ' +
    'serial number is rejected.',
  remediation:
    'Set `--client-crl-file` or `--peer-crl-file` to the CRL of the trusted CA. etcd reads one CRL only: ' +
    'with several CAs, merge their serial numbers into one.',
  references: [etcdListener, rfc5280('5.1.2.3')],

  needs: ['files', 'members'],

  targets: (facts) => listsInForce(facts).filter(({ authorityFiles }) => authorityFiles.length > 0),

  examine({ target, list, authorityFiles }) {
    const trusted = authorityFiles.flatMap(certificatesIn).map(({ subject }) => subject);
    if (trusted.some(({ raw }) => raw === list.issuer.raw)) return pass;

    return fail({
      message: `the CRL ${target.name} was issued by ${list.issuer.text}, which its port does not trust`,
      expected: enumerate([...new Set(trusted.map(({ text }) => text))]) || 'a trusted CA',
      actual: list.issuer.text,
    });
  },
});
