import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutName } from '../../model/about.ts';
import { goX509, rfc5280 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { isIpAddress } from '../../model/host.ts';
import { enumerate } from '../../model/words.ts';

export const ipAddressAsDnsName = defineCheck({
  id: 'ip-address-as-dns-name',
  title: 'An IP address stands among the DNS names of a certificate',
  severity: 'high',
  decidedBy: 'file',
  rationale:
    'Go compares a dialled IP address with the IP addresses of the certificate and with nothing else. One ' +
    'that was written as a DNS name helps nobody: clients and peers that dial it are refused with ' +
    '"it doesn\'t contain any IP SANs". curl of some versions accepts it, which hides the fault.',
  remediation:
    'Reissue the certificate with the address as an IP SAN: `IP:10.0.0.1` in openssl, `ipAddresses` in ' +
    'cert-manager, a bare address in the `hosts` of cfssl.',
  references: [rfc5280('4.2.1.6'), goX509],
  standards: [],

  explains: ['x509.host-name', 'x509.common-name-only', 'etcd.peer-san'],
  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server', 'peer', 'peer-dial'),

  examine({ leaf, uses }) {
    const { dnsNames = [], ipAddresses = [] } = leaf.subjectAltName ?? {};
    const misplaced = dnsNames.filter((name) => isIpAddress(name) && !ipAddresses.includes(name));
    if (misplaced.length === 0) return pass;

    return fail({
      about: misplaced.map((address) => aboutName(leaf, address)),
      message: `the ${describeUses(uses)} has ${enumerate(misplaced)} as a DNS name, where no one looks for it`,
      expected: misplaced.map((address) => `IP:${address}`).join(', '),
      actual: misplaced.map((address) => `DNS:${address}`).join(', '),
    });
  },
});
