import { defineConnectionCheck } from '../../model/check.ts';
import { asSentence } from '../support/refused-certificates.ts';
import { saysWhat } from '../../model/forecast.ts';
import { gatewayBreaks } from '../support/gateway.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const gatewayConnectionRejected = defineConnectionCheck({
  id: 'gateway-connection-rejected',
  title: 'etcd rejects the connection of its own gateway',
  severity: 'medium',
  effect: 'stops-connections',
  rationale:
    'For its JSON gateway etcd connects to its own client port with its own certificate. If the server ' +
    'certificate is from a CA that is not trusted for clients, is revoked, or does not match an allowed ' +
    'host name, the member rejects itself: `/v3/…` over HTTP fails and the log fills up, while etcdctl ' +
    'works.',
  remediation:
    'Give etcd a client certificate to connect with (`--client-cert-file`, `--client-key-file`, 3.5 and ' +
    'later), or disable the gateway if it is not used (`--enable-grpc-gateway=false`).',
  references: [etcdSecurity, etcdListener],

  reports: ({ edge, refusedBy, rule }) =>
    edge === 'self' && refusedBy !== 'start' && rule !== 'etcd.refused-at-start',

  targetOf: ({ target, from }) => ({ ...target, kind: 'member', name: `${from} gateway` }),

  describe(edge, { clients = [] }) {
    const { credential = 'no certificate', rule, remedy } = edge;
    const cause = saysWhat(edge);
    return {
      message: `${edge.from} rejects the connection to itself: ${gatewayBreaks({ clients })}`,
      expected: 'a certificate that its own client port accepts',
      actual: `${credential} (${rule})`,
      ...(cause !== undefined && { cause }),
      ...(remedy !== undefined && { fix: asSentence(remedy) }),
    };
  },
});
