import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Client } from '../../model/inventory.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { emptyTlsFlags, isEmpty } from '../clients.ts';
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
    const { certFile, keyFile, caFile } = client;
    const hasNeither = isEmpty(certFile) && isEmpty(keyFile);
    if (!hasNeither && (isRefused(client) || (!isEmpty(certFile) && !isEmpty(keyFile))))
      return pass;
    // In clear a certificate is of no use; that is another finding.
    const empty = emptyTlsFlags(client);
    if (dialsInClear(client) && isEmpty(caFile) && empty.length === 0) return pass;

    const half = isEmpty(certFile) ? 'a key without a certificate' : 'a certificate without a key';
    return fail({
      message: hasNeither ? 'it dials without a client certificate' : `it has ${half}`,
      expected: 'a certificate and its key',
      actual: empty.length === 0 ? 'none in its settings' : `${enumerate(empty)} empty`,
      ...(client.endpoints.origin.via === 'default' && {
        cause: `no endpoint is set either, so it dials ${enumerate(client.endpoints.value)}`,
      }),
    });
  },
});

/** One without the other is an error of its settings already. */
function isRefused({ problems }: Client): boolean {
  return problems.some(({ kind }) => kind === 'refused-at-start');
}

function dialsInClear({ endpoints }: Client): boolean {
  return endpoints.value.length > 0 && endpoints.value.every((url) => /^http:/i.test(url));
}
