import { defineCheck, fail, type Known, pass } from '../../model/check.ts';
import type { Certificate } from '../../model/certificate.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { etcdSecurity } from '../support/references.ts';
import {
  bundlesOf,
  certificatesIn,
  fileTarget,
  usesOf,
} from '../../deployment/certificate-uses.ts';
import { enumerate } from '../../model/words.ts';
import { isIssuer } from '../../pki/is-issuer.ts';

export const etcdSharesKubernetesAuthority = defineCheck({
  id: 'etcd-shares-kubernetes-authority',
  title: 'etcd trusts the CA of Kubernetes',
  severity: 'high',
  rationale:
    'The CA of Kubernetes issues certificates for every kubelet and for users. etcd accepts each of them ' +
    'and so gives access to every secret of the cluster, bypassing the API server.',
  remediation:
    'Create a CA for etcd alone, trust both while the members and then the clients get their new ' +
    'certificates, and remove the CA of Kubernetes from `--trusted-ca-file` and `--peer-trusted-ca-file`.',
  references: [etcdSecurity, 'https://kubernetes.io/docs/setup/best-practices/certificates/'],
  standards: cis('2.7'),

  needs: ['files', 'members', 'clients'],

  targets(facts) {
    const identities = kubernetesIdentities(facts);
    if (identities.length === 0) return [];
    return bundlesOf(facts)
      .filter(({ trustedBy }) => trustedBy.some(({ member }) => member !== undefined))
      .flatMap(({ file, trustedBy }) =>
        certificatesIn(file).map((authority) => ({
          target: fileTarget(file, trustedBy),
          authority,
          issued: identities.filter(({ certificate }) => isIssuer(authority, certificate)),
        })),
      );
  },

  examine({ authority, issued }) {
    if (issued.length === 0) return pass;

    return fail({
      message: `${authority.subject.text}, which etcd trusts, also issues certificates for Kubernetes`,
      expected: 'a CA for etcd alone',
      actual: enumerate(
        issued.map(({ path, certificate }) => `${path} (${certificate.subject.text})`),
      ),
    });
  },
});

/** Identities that only a CA of Kubernetes issues: nodes, control plane components, administrators. */
const kubernetesName =
  /^(system:(node:|kube-|serviceaccount:|bootstrap:)|kube-apiserver-kubelet-client$|kubernetes-(super-)?admin$)/;

function isKubernetesIdentity({ subject, subjectAltName }: Certificate): boolean {
  return (
    kubernetesName.test(subject.commonName ?? '') ||
    subject.organization.includes('system:nodes') ||
    // The name by which every Pod reaches the API server: a certificate that it serves.
    subjectAltName?.dnsNames.includes('kubernetes.default') === true
  );
}

interface Identity {
  readonly path: string;
  readonly certificate: Certificate;
}

/** A certificate of an etcd member or client says nothing about whose CA it is, whatever it is called. */
function kubernetesIdentities(facts: Known<'files' | 'members' | 'clients'>): readonly Identity[] {
  const ofEtcd = new Set(usesOf(facts).flatMap(({ certificate }) => certificate.file?.path ?? []));
  return facts.files
    .filter(({ path }) => !ofEtcd.has(path))
    .flatMap((file) =>
      certificatesIn(file)
        .filter(isKubernetesIdentity)
        .map((certificate) => ({ path: file.path, certificate })),
    );
}
