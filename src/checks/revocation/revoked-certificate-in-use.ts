import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const revokedCertificateInUse = defineCheck({
  id: 'revoked-certificate-in-use',
  title: 'A certificate in use is on a revocation list',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Members refuse whoever shows it. Only serial numbers are compared, so a list of another CA with ' +
    'small numbers hits the innocent. A revoked peer stays in the cluster through the connections ' +
    'that others open to it.',
  remediation:
    'Issue its owner a new certificate. A member whose key was stolen must be removed with `etcdctl ' +
    'member remove`; the list alone does not keep it out.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  explains: ['etcd.revoked'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.revoked'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `the ${blamed.role} is on the revocation list`,
      expected: 'a serial number that is not listed',
      actual: `serial ${blamed.credential?.leaf.serialNumber ?? blamed.edges[0]?.blame?.serialNumber ?? 'unknown'}`,
    }),
});
