import { defineCheck, fail, pass } from '../../model/check.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';
import { namesIn, showNames } from '../../deployment/names.ts';
import { goX509 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { isIpAddress } from '../../model/host.ts';

export const nameInCommonNameOnly = defineCheck({
  id: 'name-in-common-name-only',
  title: 'Host name is only in the common name',
  severity: 'medium',
  decidedBy: 'file',
  rationale:
    'Since Go 1.15 a host name counts only among the subject alternative names. Clients that connect to ' +
    'the name in the common name fail, while OpenSSL and curl accept it if there is no DNS SAN.',
  remediation:
    'Reissue the certificate with the common name repeated as a DNS SAN, or do not connect to that name.',
  references: ['https://go.dev/doc/go1.15#commonname', goX509],

  needs: ['files', 'members', 'clients'],

  // One without any name is another check's finding.
  targets: (facts) =>
    credentialsOf(facts, 'server', 'peer').filter(({ leaf }) => namesIn(leaf).length > 0),

  examine({ leaf, uses }) {
    const name = leaf.subject.commonName ?? '';
    const error = looksLikeHost(name) && verifyHostName(leaf, name, currentGo);
    if (!error) return pass;

    return fail({
      message: `the ${describeUses(uses)} has ${name} only in its common name, which clients ignore`,
      expected: `DNS:${name} among its subject alternative names`,
      actual: showNames(leaf),
      cause: `a client that connects to the name reports: ${error}`,
    });
  },
});

function looksLikeHost(name: string): boolean {
  return !isIpAddress(name) && /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name);
}
