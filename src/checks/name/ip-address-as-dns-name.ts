import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutName } from '../../model/about.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { isIpAddress } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';

export const ipAddressAsDnsName = defineCheck({
  id: 'ip-address-as-dns-name',
  title: 'IP address is listed as a DNS name in the certificate',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go compares an IP address only with the IP addresses of the certificate. An address written as a DNS ' +
    'name has no effect: clients and peers that connect to it fail with "it doesn\'t contain any IP SANs". ' +
    'Some versions of curl accept it, which hides the fault.',
  remediation:
    'Reissue the certificate with the address as an IP SAN: `IP:10.0.0.1` in openssl, `ipAddresses` in ' +
    'cert-manager, a bare address in the `hosts` of cfssl.',
  references: [rfc5280('4.2.1.6'), goX509],

  explains: ['x509.host-name', 'x509.common-name-only', 'etcd.peer-san'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer', 'peer-dial'),

  examine({ leaf, uses }) {
    const { dnsNames = [], ipAddresses = [] } = leaf.subjectAltName ?? {};
    const misplaced = dnsNames.filter((name) => isIpAddress(name) && !ipAddresses.includes(name));
    if (misplaced.length === 0) return pass;

    return fail({
      about: misplaced.map((address) => aboutName(leaf, address)),
      message: `the ${describeUses(uses)} has ${enumerate(misplaced)} as a DNS name instead of an IP address`,
      expected: misplaced.map((address) => `IP:${address}`).join(', '),
      actual: misplaced.map((address) => `DNS:${address}`).join(', '),
    });
  },
});
