import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutName } from '../../model/about.ts';
import { missingHosts } from '../../deployment/advertised.ts';
import { namesIn, showNames } from '../../deployment/names.ts';
import { etcdConfiguration, goX509 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';

export const advertisedNameNotInCertificate = defineCheck({
  id: 'advertised-name-not-in-certificate',
  title: 'A member advertises a host that its certificate does not name',
  severity: 'high',
  rationale:
    'Peers dial the advertised peer URLs, and clients that sync their endpoints dial the advertised ' +
    'client URLs. Both look for the host in the certificate that they are shown and refuse the member ' +
    'when it is not there.',
  remediation:
    'Reissue the certificate with the missing host as IP or DNS SAN, or correct ' +
    '`--advertise-client-urls` (and, with `etcdctl member update`, the peer URLs). One member at a time.',
  references: [etcdConfiguration, goX509],
  standards: [],

  explains: ['x509.host-name', 'x509.common-name-only', 'etcd.peer-san'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    credentialsOf(facts, 'server', 'peer').filter(({ leaf }) => namesIn(leaf).length > 0),

  examine(credential) {
    const { leaf, uses } = credential;
    const missing = missingHosts(credential);
    const [first] = missing;
    if (first === undefined) return pass;

    const hosts = enumerate(missing.map(({ host }) => host));
    return fail({
      about: missing.map(({ host }) => aboutName(leaf, host)),
      message: `the ${describeUses(uses)} does not name ${hosts}, which the member advertises`,
      expected: hosts,
      actual: showNames(leaf),
      cause: `whoever dials says: ${first.error}`,
    });
  },
});
