import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const revokedCertificateInUse = defineCheck({
  id: 'revoked-certificate-in-use',
  title: 'Certificate in use is revoked',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Members reject the certificate. etcd compares only serial numbers, so a CRL of another CA with small ' +
    'numbers affects valid certificates. A revoked peer stays in the cluster through the connections that ' +
    'other members open to it.',
  remediation:
    'Issue the owner a new certificate. Remove a member whose key was stolen with `etcdctl member ' +
    'remove`; the CRL alone does not exclude it.',
  references: [etcdSecurity, etcdListener],

  explains: ['etcd.revoked'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.revoked'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} has been revoked`,
      expected: 'a serial number that is not listed',
      actual: `serial ${blamed.credential?.leaf.serialNumber ?? blamed.edges[0]?.blame?.serialNumber ?? 'unknown'}`,
    }),
});
