import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';

interface Expected {
  readonly status: 'pass' | 'fail' | 'incomplete';
  /** How many members there are. */
  readonly members: number;
  /** Everything that is found at or above high. */
  readonly urgent?: readonly string[];
  /** The end of the path of what is not understood. */
  readonly notUnderstood?: string;
  /** Names of clients whose settings are read. */
  readonly clients?: readonly string[];
}

const open = { status: 'fail', members: 1, urgent: ['client-port-admits-anonymous'] } as const;

/** Sets of certificates and settings as tools write them, and what real etcd does with them. */
const sets: Readonly<Record<string, Expected>> = {
  'forms/02-unit-bash-gomaxprocs': open,
  'forms/04-unit-sh-exec': open,
  'forms/06-unit-nice': open,
  'forms/08-envfile-alone-default-etcd': open,
  'forms/10-envfile-alone-sysconfig': open,
  'forms/12-unit-percent-N': open,
  'forms/14-unit-binary-etcd-3.5': open,
  'forms/16-unit-podman-run': open,
  'forms/18-procfile': open,
  'forms/20-ps-output': open,
  'forms/22-pod-sh-c-exec': open,
  'forms/24-pod-exec-nice-ionice': open,
  'forms/26-compose-command': open,
  'forms/28-compose-env_file': open,
  'forms/30-etcd.conf-yaml': open,
  'forms/32-cloud-config-units': open,
  'forms/34-ansible-j2': open,
  'forms/36-supervisor': open,

  'inputs/ansible-githubixx': { status: 'pass', members: 3 },
  'inputs/clients': {
    status: 'pass',
    members: 3,
    clients: [
      'apisix',
      'calico',
      'calicoctl',
      'clientv3',
      'coredns',
      'flanneld',
      'patroni',
      'prometheus',
      'traefik',
      'vitess',
    ],
  },
  // Its Docker network gives the members their addresses.
  'inputs/compose-bitnami': { status: 'incomplete', members: 3 },
  'inputs/debian': { status: 'pass', members: 3 },
  'inputs/easyrsa': { status: 'pass', members: 3 },
  // Broken on purpose, in many ways at once; no settings say which file is whose.
  'inputs/etcd-fixtures': { status: 'incomplete', members: 9 },
  'inputs/kubeadm1-real': { status: 'pass', members: 1, clients: ['kube-apiserver'] },
  'inputs/microk8s': { status: 'pass', members: 1, clients: ['flanneld', 'kube-apiserver'] },
  // Its peer port speaks TLS and has no certificate.
  'inputs/nomad': {
    status: 'fail',
    members: 1,
    urgent: ['settings-refused-at-start'],
    notUnderstood: 'etcd.nomad.hcl',
  },
  // A program of OpenShift prints the list of the cluster when etcd starts.
  'inputs/openshift': { status: 'incomplete', members: 3, notUnderstood: 'etcd-pod.yaml' },
  'inputs/openssl-addext': { status: 'pass', members: 3 },
  'inputs/rke2': { status: 'pass', members: 1, clients: ['kube-apiserver'] },
  'inputs/talos3': { status: 'pass', members: 3 },
  'inputs/vault': { status: 'pass', members: 3 },

  'small/00-control-healthy': { status: 'pass', members: 1 },
  // The kubelet's certificate is no member's, and the CA that etcd trusts issued it.
  'small/01-kubelet-cert-as-member': {
    status: 'fail',
    members: 1,
    urgent: ['etcd-shares-kubernetes-authority'],
  },
  // A client of that name from a CA of etcd's own is no sign of a shared one.
  'small/02-cn-kube-apiserver-from-etcd-ca': { status: 'pass', members: 1 },
  'small/03-k3s-config-without-initial-urls': { status: 'pass', members: 2 },
  'small/04-name-e1-yaml': { status: 'pass', members: 1 },
  'small/05-certs-only-loopback-sans': { status: 'pass', members: 1 },
  // The key of the second was not given.
  'small/06-certs-only-bom': { status: 'incomplete', members: 2, notUnderstood: 'n2.crt' },
  'small/07-certs-only-ca-bom': { status: 'incomplete', members: 1, notUnderstood: 'ca.crt' },
  'small/08-percent-p': { status: 'pass', members: 1 },
  'small/09-shell-redirect': { status: 'pass', members: 1 },
  'small/10-http-advertise': {
    status: 'fail',
    members: 1,
    urgent: ['advertised-url-of-another-scheme'],
  },
  'small/11-secret-etcd-key-mismatch': {
    status: 'fail',
    members: 1,
    urgent: ['key-of-another-certificate'],
  },
  'small/12-backup-manifest': { status: 'pass', members: 1 },
  // The addresses of pods are not known.
  'small/13-sts-pod-name': { status: 'incomplete', members: 3 },
  'small/14-hcl-template-as-yaml': {
    status: 'fail',
    members: 1,
    urgent: ['settings-refused-at-start'],
    notUnderstood: 'etcd.nomad.hcl',
  },
  'small/15-hardway-min': {
    status: 'fail',
    members: 3,
    urgent: ['etcd-shares-kubernetes-authority'],
  },
  // The CA issued certificates of kubelets; whether etcd trusts it, settings would tell.
  'small/16-kubelet-certs-only': { status: 'incomplete', members: 1 },
};

const found = '../shared/found/sets';
const isHere = existsSync(found);
if (!isHere) {
  process.stderr.write(
    `skipped: ${Object.keys(sets).length} sets of ${found}, which is not here\n`,
  );
}

describe.skipIf(!isHere)('sets that were found', () => {
  test('each is in the table', () => {
    const there = ['forms', 'inputs', 'small'].flatMap((kind) =>
      readdirSync(join(found, kind)).map((name) => `${kind}/${name}`),
    );

    expect(there.toSorted()).toEqual(Object.keys(sets).toSorted());
  });

  test.each(Object.entries(sets))('%s is judged as etcd does', async (name, expected) => {
    const { verdict, results, facts } = await audit({ paths: [join(found, name)], maps: [] });
    const { members = [], clients = [] } = facts;
    const urgent = results
      .filter(({ verdict: { status } }) => status === 'fail')
      .filter(({ check: { severity } }) => ['critical', 'high'].includes(severity))
      .map(({ check: { id } }) => id);

    expect(verdict.status).toBe(expected.status);
    expect([...new Set(urgent)].toSorted()).toEqual(expected.urgent ?? []);
    expect(members).toHaveLength(expected.members);
    const notUnderstood = verdict.notUnderstood.map(({ path }) => path.split('/').at(-1));
    expect([...new Set(notUnderstood)]).toEqual([expected.notUnderstood ?? []].flat());
    const read = clients.filter(({ known }) => known === 'settings').map((client) => client.name);
    expect(read).toEqual(expect.arrayContaining([...(expected.clients ?? [])]));
  });
});
