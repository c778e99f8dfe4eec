import { type Front, frontAt } from '../../deployment/fronts.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../support/references.ts';
import { portNamed } from '../support/subjects.ts';

export const endpointBehindProxy = defineCheck({
  id: 'endpoint-behind-proxy',
  title: 'Endpoint is a proxy or load balancer, not a member',
  severity: 'info',
  decidedBy: 'observation',
  rationale:
    'This endpoint shows the behavior of the process in front of etcd. If that process terminates TLS, ' +
    'the settings of etcd do not decide which certificates are accepted there, and etcd sees a single ' +
    'client. A load balancer connects to a different member each time, so one endpoint represents several ' +
    'members.',
  remediation:
    'Run `verify` with the URLs of the members as well. Configure the load balancer to pass TCP through, ' +
    'or to require client certificates itself.',
  references: [etcdSecurity, 'https://etcd.io/docs/latest/op-guide/grpc_proxy/'],

  needs: ['endpoints'],
  welcomes: ['admissions', 'memberLists', 'processes', 'files', 'members', 'clients'],

  targets: ({ endpoints, ...facts }) =>
    endpoints
      .filter(({ endpoint, flight }) => endpoint.serves === 'client' && flight !== undefined)
      .map(({ target, endpoint }) => ({
        target,
        endpoint,
        front: frontAt(endpoint.url, { endpoints, ...facts }),
      })),

  examine({ endpoint, front }) {
    // Another service is a finding of its own: there is no etcd behind it.
    if (front === undefined || front.kind === 'another-service') return pass;

    return fail({
      message: `${portNamed(endpoint)} ${whatItIs[front.kind]}`,
      expected: 'a member of the cluster',
      actual: front.because,
      fix: whatToDo[front.kind],
    });
  },
});

const whatItIs: Readonly<Record<Exclude<Front['kind'], 'another-service'>, string>> = {
  'tls-end': 'is a proxy that terminates TLS and connects to etcd with its own certificate',
  'grpc-proxy': 'is `etcd grpc-proxy`, which connects to etcd with its own certificate',
  balancer:
    'is a load balancer, or a DNS name with several addresses, and leads to different members',
};

const whatToDo: typeof whatItIs = {
  'tls-end':
    'Run `verify` with the URLs of the members to check etcd itself. Configure the proxy to pass TCP ' +
    'through, or to require client certificates.',
  'grpc-proxy':
    'Run `verify` with the URLs of the members to check etcd itself. Set `--trusted-ca-file` and ' +
    '`--client-cert-auth` on the proxy. Do not add or remove members because of what it lists.',
  balancer:
    'Run `verify` with the URL of each member. Every member behind the load balancer needs the ' +
    "load balancer's name in its server certificate.",
};
