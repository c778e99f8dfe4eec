import { defineCheck, fail, pass } from '../../model/check.ts';
import { certificatesInUse } from '../../deployment/certificates-in-use.ts';
import { etcdSecurity } from '../support/references.ts';
import { daysBetween } from '../support/when.ts';
import { counted } from '../../model/words.ts';

export const longLivedCertificate = defineCheck({
  id: 'long-lived-certificate',
  title: 'Leaf certificate is valid for a very long time',
  severity: 'low',
  decidedBy: 'file',
  rationale:
    'etcd accepts a stolen certificate until it expires: revocation needs a CRL file on every member, ' +
    'which most clusters do not have. A certificate that is never renewed also leaves the renewal ' +
    'procedure untested.',
  remediation:
    'Issue leaf certificates for a year or less and renew them with a script: etcd loads a new ' +
    'certificate and key without a restart.',
  references: [etcdSecurity],

  needs: ['files', 'members', 'clients'],
  welcomes: ['endpoints'],

  targets: (facts) => certificatesInUse(facts).filter(({ place }) => place === 'leaf'),

  examine({ certificate, role }, { policy }) {
    const { notBefore, notAfter } = certificate;
    const days = daysBetween(new Date(notBefore), new Date(notAfter));
    if (days <= policy.maximumLeafLifetimeDays) return pass;

    return fail({
      message: `the ${role} is valid for ${counted(days, 'day')}`,
      expected: `at most ${policy.maximumLeafLifetimeDays} days`,
      actual: `${notBefore.slice(0, 10)} to ${notAfter.slice(0, 10)}`,
    });
  },
});
