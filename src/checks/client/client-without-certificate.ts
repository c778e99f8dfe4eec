import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Client } from '../../model/inventory.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { isEmpty } from '../clients.ts';
import { etcdSecurity } from '../references.ts';
import { enumerate } from '../uses.ts';

export const clientWithoutCertificate = defineCheck({
  id: 'client-without-certificate',
  title: 'A client dials without a client certificate',
  severity: 'high',
  rationale:
    'A port that demands certificates refuses the client; one that lets it in lets in everybody. Flags ' +
    'that are there and empty count as not set.',
  remediation:
    'Issue the client a certificate with `clientAuth` and name it and its key in the settings of the ' +
    'client (`--etcd-certfile` and `--etcd-keyfile`, `ETCDCTL_CERT` and `ETCDCTL_KEY`).',
  references: [etcdSecurity],
  standards: [...cis('1.2.23'), ...stig('V-242430', 'V-242431')],

  needs: ['clients'],

  targets: ({ clients }) => clients,

  examine(client) {
    const { certFile, keyFile, endpoints } = client;
    const isPlain =
      endpoints.value.length > 0 && endpoints.value.every((url) => /^http:/i.test(url));
    if (!isEmpty(certFile) && !isEmpty(keyFile)) return pass;
    // In clear a certificate is of no use; that is another finding.
    if (isPlain && isEmpty(client.caFile) && !hasEmptyFlags(client)) return pass;

    const both = isEmpty(certFile) && isEmpty(keyFile);
    return fail({
      message: both
        ? 'it dials without a client certificate'
        : `it has a ${isEmpty(certFile) ? 'key without a certificate' : 'certificate without a key'}`,
      expected: 'a certificate and its key',
      actual: showEmpty(client),
    });
  },
});

function hasEmptyFlags({ certFile, keyFile, caFile }: Client): boolean {
  return [certFile, keyFile, caFile].some((setting) => setting?.value === '');
}

function showEmpty({ certFile, keyFile, caFile }: Client): string {
  const named = [certFile, keyFile, caFile].flatMap((setting) =>
    setting?.value === '' ? [setting.origin.name ?? 'a setting'] : [],
  );
  return named.length === 0 ? 'no certificate in its settings' : `${enumerate(named)} empty`;
}
