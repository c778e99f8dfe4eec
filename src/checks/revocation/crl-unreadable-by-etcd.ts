import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const crlUnreadableByEtcd = defineCheck({
  id: 'crl-unreadable-by-etcd',
  title: 'etcd cannot read the CRL',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd reads the file for every connection that presents a certificate and rejects all of them if it ' +
    'cannot: clients, peers and its own gateway. It does not check the file at start. Since 3.6 it reads ' +
    'only DER of version 2, so an upgrade with a PEM CRL rejects every client.',
  remediation:
    'Convert the CRL to DER of version 2 (`openssl crl -in LIST.pem -outform DER -out LIST.der`) and set ' +
    '`--client-crl-file` or `--peer-crl-file` to that file. etcd reads the file again each time: no ' +
    'restart is needed if the path stays the same.',
  references: [etcdSecurity, etcdListener],

  explains: ['etcd.crl-unreadable'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.crl-unreadable'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `etcd rejects every certificate because it cannot read ${blamed.target.name}`,
      expected: 'a CRL in a format that this version reads',
      actual: blamed.edges[0]?.serverError ?? 'a format that etcd does not read',
    }),
});
