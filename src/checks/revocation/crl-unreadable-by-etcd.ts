import { defineCheck } from '../../model/check.ts';
import { blamedBy, examineBlamed } from '../support/refused-certificates.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const crlUnreadableByEtcd = defineCheck({
  id: 'crl-unreadable-by-etcd',
  title: 'etcd cannot read a revocation list',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'etcd reads the file for every connection that carries a certificate and refuses all of them ' +
    'when it cannot: clients, peers and its own gateway. It starts without looking at the file. ' +
    'Since 3.6 it reads DER of version 2 only, so an upgrade with a PEM list locks everybody out.',
  remediation:
    'Write the list as DER of version 2 (`openssl crl -in LIST.pem -outform DER -out LIST.der`) and ' +
    'name that file in `--client-crl-file` or `--peer-crl-file`. The file is read anew each time: no ' +
    'restart is needed when the path stays.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  explains: ['etcd.crl-unreadable'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => blamedBy(facts, 'etcd.crl-unreadable'),

  examine: (blamed) =>
    examineBlamed(blamed, {
      message: `etcd refuses every certificate, because it cannot read ${blamed.target.name}`,
      expected: 'a revocation list in a form that this version reads',
      actual: blamed.edges[0]?.serverError ?? 'a form that it does not read',
    }),
});
