import { defineCheck, fail, pass } from '../../model/check.ts';
import { type Credential, credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { showNames } from '../../deployment/names.ts';
import type { RequestedName } from '../../model/draft.ts';
import { enumerate } from '../../model/words.ts';
import { currentGo } from '../../pki/go-release.ts';
import { verifyHostName } from '../../pki/host-name.ts';

export const requestedNameNotInCertificate = defineCheck({
  id: 'requested-name-not-in-certificate',
  title: 'Certificate lacks a name that its configuration asks for',
  severity: 'info',
  rationale:
    'kubeadm writes the names of `serverCertSANs` and `peerCertSANs` into certificates that it creates. It keeps ' +
    'a certificate that exists as it is, and `kubeadm certs renew` takes the names from the old certificate, so ' +
    'a name that was added to the configuration later is in no certificate. Clients that connect to that ' +
    'name reject the member.',
  remediation:
    'Move the certificate and its key away, create them again with `kubeadm init phase certs etcd-server` ' +
    '(or `etcd-peer`) and `--config` with this configuration, and restart etcd, one member at a time. If ' +
    'nothing connects to the name, remove it from the configuration.',
  references: [
    'https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-LocalEtcd',
    'https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-certs/#manual-certificate-renewal',
  ],

  needs: ['files', 'members', 'clients'],

  targets: (facts) =>
    credentialsOf(facts, 'server', 'peer').flatMap((credential) => {
      const requested = requestedFor(credential);
      return requested.length === 0 ? [] : [{ ...credential, requested }];
    }),

  examine({ leaf, uses, requested }) {
    const missing = requested.filter(
      ({ name }) =>
        verifyHostName(leaf, name, currentGo) !== undefined &&
        leaf.subjectAltName?.dnsNames.includes(name) !== true,
    );
    if (missing.length === 0) return pass;

    const names = enumerate([...new Set(missing.map(({ name }) => name))]);
    const places = missing.map(
      ({ setting, location: { file, line } }) =>
        `${setting} in ${file}${line === undefined ? '' : `:${line}`}`,
    );
    return fail({
      message: `the ${describeUses(uses)} does not name ${names}, which the configuration of kubeadm asks for`,
      expected: `${names} (${enumerate([...new Set(places)])})`,
      actual: showNames(leaf),
    });
  },
});

function requestedFor({ uses }: Credential): readonly RequestedName[] {
  return uses.flatMap(({ role, member }) =>
    (member?.requestedNames ?? []).filter((requested) => requested.role === role),
  );
}
