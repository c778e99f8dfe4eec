import { defineCheck, pass } from '../../model/check.ts';
import { allows } from '../../pki/key-usage.ts';
import { examineBlamed } from '../support/refused-certificates.ts';
import { isRefused } from '../../model/forecast.ts';
import { etcdSecurity, rfc5280 } from '../support/references.ts';
import { gatewayBreaks } from '../support/gateway.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';

export const serverCertificateWithoutClientAuth = defineCheck({
  id: 'server-certificate-without-client-auth',
  title: 'Server certificate is not valid for client authentication',
  severity: 'medium',
  rationale:
    'For its JSON gateway etcd connects to its own client port and presents its server certificate. If ' +
    'clients need certificates and this one lists only `serverAuth`, the member rejects itself every few ' +
    'seconds: `/v3/…` over HTTP fails (Patroni, APISIX, scripts with curl), etcdctl is not affected.',
  remediation:
    'Reissue the server certificate with `serverAuth` and `clientAuth`, or give etcd 3.5 and later ' +
    'another certificate to connect with (`--client-cert-file`, `--client-key-file`), or disable the ' +
    'gateway if it is not used (`--enable-grpc-gateway=false`).',
  references: [etcdSecurity, rfc5280('4.2.1.12'), 'https://github.com/etcd-io/etcd/issues/9785'],

  explains: ['x509.key-usage'],
  needs: ['files', 'members', 'clients', 'forecast'],

  targets: (facts) => {
    const refused = facts.forecast.filter(
      (edge) => edge.edge === 'self' && edge.rule === 'x509.key-usage' && isRefused(edge),
    );
    const breaks = gatewayBreaks(facts);
    return credentialsOf(facts, 'server', 'self-dial').map((credential) => ({
      ...credential,
      edges: refused.filter((edge) => edge.credential === credential.file.path),
      breaks,
    }));
  },

  examine({ leaf, uses, edges, breaks }) {
    if (allows(leaf, 'clientAuth')) return pass;

    return examineBlamed(
      { edges },
      {
        message: `etcd rejects its own connection with the ${describeUses(uses)}: ${breaks}`,
        expected: 'extended key usage with serverAuth and clientAuth',
        actual: leaf.extendedKeyUsage?.join(', ') ?? 'none',
      },
    );
  },
});
