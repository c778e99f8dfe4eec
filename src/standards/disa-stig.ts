import type { Component, StandardControl } from '../model/check.ts';

/** The rules of the DISA Kubernetes STIG on etcd and its certificates, by group id. */
const rules = {
  'V-242379': {
    component: 'client-port',
    title: 'CNTR-K8-000180: etcd uses TLS with certificates of its own (--auto-tls is false)',
  },
  'V-242380': {
    component: 'peer-port',
    title:
      'CNTR-K8-000190: peers use TLS with certificates of their own (--peer-auto-tls is false)',
  },
  'V-242423': {
    component: 'client-port',
    title: 'CNTR-K8-001450: etcd authenticates clients (--client-cert-auth)',
  },
  'V-242426': {
    component: 'peer-port',
    title: 'CNTR-K8-001480: etcd authenticates peers (--peer-client-cert-auth)',
  },
  'V-242427': { component: 'client-port', title: 'CNTR-K8-001490: etcd has a key file' },
  'V-242428': { component: 'client-port', title: 'CNTR-K8-001500: etcd has a certificate file' },
  'V-242429': {
    component: 'api-server',
    title: 'CNTR-K8-001510: API server: --etcd-cafile is set',
  },
  'V-242430': {
    component: 'api-server',
    title: 'CNTR-K8-001520: API server: --etcd-certfile is set',
  },
  'V-242431': {
    component: 'api-server',
    title: 'CNTR-K8-001530: API server: --etcd-keyfile is set',
  },
  'V-242432': { component: 'peer-port', title: 'CNTR-K8-001540: peers have a certificate file' },
  'V-242433': { component: 'peer-port', title: 'CNTR-K8-001550: peers have a key file' },
  'V-242466': {
    component: 'pki-files',
    title: 'CNTR-K8-003330: PKI certificate files have permissions 644 or stricter',
  },
  'V-242467': {
    component: 'pki-files',
    title: 'CNTR-K8-003340: PKI key files have permissions 600 or stricter',
  },
} as const satisfies Readonly<Record<string, { component: Component; title: string }>>;

/** Names rules that a check covers. One that does not exist does not compile. */
export function stig(...ids: readonly (keyof typeof rules)[]): readonly StandardControl[] {
  return ids.map((control) => ({ standard: 'DISA Kubernetes STIG', control, ...rules[control] }));
}
