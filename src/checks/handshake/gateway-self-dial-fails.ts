import type { ConnectionCheck } from '../../model/check.ts';
import { asSentence } from '../support/refused-certificates.ts';
import { saysWhat } from '../support/edges.ts';
import { gatewayBreaks } from '../support/gateway.ts';
import { etcdListener, etcdSecurity } from '../support/references.ts';

export const gatewaySelfDialFails: ConnectionCheck = {
  id: 'gateway-self-dial-fails',
  title: "etcd refuses its own gateway's connection",
  severity: 'medium',
  effect: 'stops-connections',
  rationale:
    'For its JSON gateway etcd connects to its own client port with its own certificate. A server ' +
    'certificate of another CA than the one trusted for clients, one that is revoked, or an allowed host ' +
    'name makes the member refuse itself: `/v3/…` over HTTP is dead and the log fills, while etcdctl works.',
  remediation:
    'Give etcd a client certificate to connect with (`--client-cert-file`, `--client-key-file`, 3.5 and ' +
    'later), or switch the gateway off (`--enable-grpc-gateway=false`) where nobody uses it.',
  references: [etcdSecurity, etcdListener],
  standards: [],

  reports: ({ edge, refusedBy }) => edge === 'self' && refusedBy !== 'start',

  targetOf: ({ target, from }) => ({ ...target, kind: 'member', name: `${from} gateway` }),

  describe(edge, { clients = [] }) {
    const { credential = 'no certificate', rule, remedy } = edge;
    const cause = saysWhat(edge);
    return {
      message: `etcd refuses the connection to itself: ${gatewayBreaks({ clients })}`,
      expected: 'a certificate that its own client port accepts',
      actual: `${credential} (${rule})`,
      ...(cause !== undefined && { cause }),
      ...(remedy !== undefined && { fix: asSentence(remedy) }),
    };
  },
};
