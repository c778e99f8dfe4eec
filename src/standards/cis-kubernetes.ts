import type { Component, StandardControl } from '../model/check.ts';

/** The releases of the CIS Kubernetes Benchmark that are covered, oldest first. */
const cisReleases = ['1.8', '1.9', '1.10', '1.11', '1.12'] as const;

type Release = (typeof cisReleases)[number];

interface Control {
  readonly title: string;
  readonly component: Component;
  /** The releases in which the control has another number than in 1.12. */
  readonly formerly?: Readonly<Partial<Record<Release, string>>>;
}

/** The controls on etcd and its certificates, by their number in release 1.12. */
const controls = {
  '1.1.20': {
    component: 'pki-files',
    title: 'Permissions of the Kubernetes PKI certificate files',
  },
  '1.1.21': { component: 'pki-files', title: 'Permissions of the Kubernetes PKI key files: 600' },
  '1.2.23': {
    component: 'api-server',
    title: 'API server: --etcd-certfile and --etcd-keyfile are set',
    formerly: { '1.8': '1.2.24' },
  },
  '1.2.26': {
    component: 'api-server',
    title: 'API server: --etcd-cafile is set',
    formerly: { '1.8': '1.2.27' },
  },
  '2.1': { component: 'client-port', title: 'etcd: --cert-file and --key-file are set' },
  '2.2': { component: 'client-port', title: 'etcd: --client-cert-auth is true' },
  '2.3': { component: 'client-port', title: 'etcd: --auto-tls is not true' },
  '2.4': { component: 'peer-port', title: 'etcd: --peer-cert-file and --peer-key-file are set' },
  '2.5': { component: 'peer-port', title: 'etcd: --peer-client-cert-auth is true' },
  '2.6': { component: 'peer-port', title: 'etcd: --peer-auto-tls is not true' },
  '2.7': {
    component: 'kubernetes-authority',
    title: 'etcd has a certificate authority of its own',
  },
} as const satisfies Readonly<Record<string, Control>>;

export type CisControl = keyof typeof controls;

/** Names a control that a check covers, as every release numbers it. One that does not exist does not compile. */
export function cis(control: CisControl): readonly StandardControl[] {
  const { title, component, formerly }: Control = controls[control];
  return cisReleases.map((release) => ({
    standard: `CIS Kubernetes ${release}`,
    control: formerly?.[release] ?? control,
    title,
    component,
  }));
}
