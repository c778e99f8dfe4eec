import { defineCheck, fail, pass } from '../../model/check.ts';
import { type About, aboutEdge, aboutSetting } from '../../model/about.ts';
import type { Edge } from '../../model/forecast.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Client } from '../../model/inventory.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { emptyTlsFlags, isEmpty } from '../support/clients.ts';
import { etcdSecurity } from '../support/references.ts';
import { enumerate, nameInWords } from '../../model/words.ts';

export const clientWithoutCertificate = defineCheck({
  id: 'client-without-certificate',
  title: 'Client connects without a client certificate',
  severity: 'high',
  rationale:
    'A port that requires certificates rejects the client; a port that accepts it accepts anyone. Flags ' +
    'with empty values count as not set.',
  remediation:
    'Issue the client a certificate with `clientAuth` and set it and its key in the settings of the ' +
    'client (`--etcd-certfile` and `--etcd-keyfile`, `ETCDCTL_CERT` and `ETCDCTL_KEY`).',
  references: [etcdSecurity],
  standards: [...cis('1.2.23'), ...stig('V-242430', 'V-242431')],

  explains: [
    'tls.no-client-certificate',
    'tls.plaintext-to-tls',
    'x509.system-roots',
    'etcd.half-pair',
    'seen-refused',
  ],
  needs: ['clients'],
  welcomes: ['forecast'],

  // Where everything is in clear a certificate is of no use; that is another finding.
  targets({ clients, forecast = [] }) {
    const refused = groupBy(forecast.filter(isRefusedByServer), ({ from }) => from);
    return clients
      .filter((client) => !isPlain(client))
      .map((client) => ({
        target: client.target,
        client,
        refused: refused.get(client.name) ?? [],
      }));
  },

  examine({ client, refused }) {
    const lack = whatLacks(client);
    if (lack === undefined) return pass;

    const empty = emptyTlsFlags(client);
    const { endpoints } = client;
    return fail({
      about: [...aboutLack(client), ...refused.map(aboutEdge)],
      message: lack,
      expected: 'a certificate and its key',
      actual:
        empty.length === 0
          ? 'none in its settings'
          : `${enumerate(empty)} ${empty.length === 1 ? 'is' : 'are'} empty`,
      ...(client.name === 'you' && {
        fix: 'Give a certificate with `clientAuth` and its key with `--cert` and `--key`.',
      }),
      ...(endpoints.origin.via === 'default' && {
        cause: `no endpoint is set either, so ${nameInWords(client.name)} connects to ${enumerate(endpoints.value)}`,
      }),
    });
  },
});

/** Where nothing of TLS is set, the CA is missing with the certificate, and so is the scheme. */
function aboutLack({ name, caFile, endpoints }: Client): readonly About[] {
  const areEndpointsStated =
    endpoints.origin.via !== 'default' && endpoints.value.some((url) => /^http:/i.test(url));
  return [
    aboutSetting(name, 'cert-file'),
    ...(isEmpty(caFile) ? [aboutSetting(name, 'trusted-ca-file')] : []),
    ...(areEndpointsStated ? [] : [aboutSetting(name, 'endpoints')]),
  ];
}

/** Connections that the server refused when they were tried, without a certificate as the client would. */
function isRefusedByServer({ edge, observed }: Edge): boolean {
  return edge === 'client' && observed?.outcome === 'refused' && observed.refusedBy === 'server';
}

function whatLacks({ name, certFile, keyFile, problems }: Client): string | undefined {
  if (isEmpty(certFile) && isEmpty(keyFile))
    return `${nameInWords(name)} connects without a client certificate`;
  // One without the other is an error of its settings where it is known to be refused.
  const isWhole = !isEmpty(certFile) && !isEmpty(keyFile);
  if (isWhole || problems.some(({ kind }) => kind === 'refused-at-start')) return undefined;
  return `${nameInWords(name)} has a ${isEmpty(certFile) ? 'key without a certificate' : 'certificate without a key'}`;
}

function isPlain(client: Client): boolean {
  const { endpoints, caFile } = client;
  const isInClear =
    endpoints.value.length > 0 && endpoints.value.every((url) => /^http:/i.test(url));
  return isInClear && isEmpty(caFile) && emptyTlsFlags(client).length === 0;
}
