import { type Front, frontAt } from '../../deployment/fronts.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import { etcdSecurity } from '../support/references.ts';

export const endpointBehindProxy = defineCheck({
  id: 'endpoint-behind-proxy',
  title: 'An endpoint is not a member but something in front of it',
  severity: 'info',
  rationale:
    'What was seen at this endpoint is what the process in front does. Where that ends TLS, the settings of ' +
    'etcd do not decide whose certificate is accepted there, and etcd sees one client for all of them. A ' +
    'balancer leads to another member each time, so one endpoint stands for several.',
  remediation:
    'Give `verify` the URLs of the members themselves as well. Let a balancer pass TCP through, or let it ' +
    'require client certificates itself.',
  references: [etcdSecurity, 'https://etcd.io/docs/latest/op-guide/grpc_proxy/'],
  standards: [],

  needs: ['endpoints'],
  welcomes: ['admissions', 'memberLists', 'processes', 'files', 'members', 'clients'],

  targets: ({ endpoints, ...facts }) =>
    endpoints
      .filter(({ endpoint, flight }) => endpoint.serves === 'client' && flight !== undefined)
      .map(({ target, endpoint }) => ({
        target,
        front: frontAt(endpoint.url, { endpoints, ...facts }),
      })),

  examine({ front }) {
    // Another service is a finding of its own: there is no etcd behind it.
    if (front === undefined || front.kind === 'another-service') return pass;

    return fail({
      message: whatItIs[front.kind],
      expected: 'a member of the cluster',
      actual: front.because,
      fix: whatToDo[front.kind],
    });
  },
});

const whatItIs: Readonly<Record<Exclude<Front['kind'], 'another-service'>, string>> = {
  'tls-end': 'a proxy ends TLS here and connects to etcd with a certificate of its own',
  'grpc-proxy': '`etcd grpc-proxy` answers here and connects to etcd with a certificate of its own',
  balancer: 'a balancer, or a name with several addresses, leads to different members',
};

const whatToDo: typeof whatItIs = {
  'tls-end':
    'To judge etcd, run `verify` with the URLs of the members. To keep client certificates meaningful, let ' +
    'the proxy pass TCP through, or configure it to require client certificates.',
  'grpc-proxy':
    'To judge etcd, run `verify` with the URLs of the members. Set `--trusted-ca-file` and ' +
    '`--client-cert-auth` on the proxy. Do not add or remove members because of what it lists.',
  balancer:
    'To judge every member, run `verify` with the URL of each. Every member behind the balancer needs the ' +
    "balancer's name in its server certificate.",
};
