import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutName } from '../../model/about.ts';
import { missingHosts } from '../../deployment/advertised.ts';
import { namesIn, showNames } from '../../deployment/names.ts';
import { etcdConfiguration, goX509 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { isOneHost } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';

const corrected =
  'Set `--advertise-client-urls` (and, with `etcdctl member update`, the peer URLs) to a host that the certificate ' +
  'names and that clients reach. One member at a time.';

export const advertisedNameNotInCertificate = defineCheck({
  id: 'advertised-name-not-in-certificate',
  title: 'Certificate does not name the advertised host',
  severity: 'high',
  rationale:
    'Peers connect to the advertised peer URLs, and clients that sync their endpoints to the advertised ' +
    'client URLs. Both look for the host in the served certificate and reject the member if it is ' +
    'missing.',
  remediation:
    'Reissue the certificate with the missing host as IP or DNS SAN, or correct ' +
    '`--advertise-client-urls` (and, with `etcdctl member update`, the peer URLs). One member at a time.',
  references: [etcdConfiguration, goX509],

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
      cause: `clients and peers report: ${first.error}`,
      ...(!missing.some(({ host }) => isOneHost(host)) && { fix: corrected }),
    });
  },
});
