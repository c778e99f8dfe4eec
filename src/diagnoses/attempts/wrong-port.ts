import { joinHostPort } from '../../model/host.ts';
import type { EndpointObservation } from '../../model/live.ts';
import type { Cause, CauseCode } from '../cause.ts';

type Words = Partial<Pick<Cause, 'title' | 'remedy'>>;

/** What a cause means where something else than etcd's TLS answered a ClientHello. The audit itself connects past every proxy variable. */
export function wordsForPort(cause: CauseCode, { endpoint, speaks }: EndpointObservation): Words {
  const { host, address = host, port } = endpoint;
  const look = `\`ss -ltnp\` on ${address} shows what listens on port ${port}`;
  if (cause === 'CLI') {
    return {
      title: 'another service listens there, not etcd',
      remedy: `Correct the endpoint: ${look}. Clients connect to the URLs in \`--advertise-client-urls\`, port 2379 by default.`,
    };
  }
  if (cause === 'PROXY') {
    return {
      remedy:
        speaks === 'tls-alert'
          ? 'Use a name in the endpoint that the router in between knows; clients send no server name for an IP address. Or connect to a member directly.'
          : `Find out what answers: ${look}. A proxy or load balancer has to pass TCP through to the client ports of the members; if it is another service, correct the endpoint.`,
    };
  }
  if (cause === 'SCHEME' && speaks === 'http1') {
    return {
      remedy: `Give the client URL of the member, one of \`--advertise-client-urls\`. If ${joinHostPort(address, port)} is meant to serve clients, use https in its listen URL (and a certificate and key), or http in the endpoint.`,
    };
  }
  if (cause === 'NET' && speaks === 'reset') {
    return {
      remedy: `Look at firewalls and load balancers between this host and ${address}. ${look}; a full queue there (Recv-Q in \`ss -ltn\`) resets connections, too.`,
    };
  }
  return {};
}
