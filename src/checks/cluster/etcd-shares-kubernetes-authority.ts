import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Certificate } from '../../model/certificate.ts';
import type { FileFact } from '../../model/files.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { shortList } from '../../deployment/certificates-in-use.ts';
import { isIssuer } from '../support/about-trust.ts';
import { etcdSecurity } from '../support/references.ts';
import { bundlesOf, certificatesIn, fileTarget } from '../../deployment/certificate-uses.ts';

export const etcdSharesKubernetesAuthority = defineCheck({
  id: 'etcd-shares-kubernetes-authority',
  title: 'etcd trusts the CA of Kubernetes',
  severity: 'high',
  rationale:
    'The CA of Kubernetes issues certificates for every kubelet and for users. Each of them is let in by ' +
    'etcd, past the API server and all its rules, to every secret of the cluster.',
  remediation:
    'Make a CA for etcd alone, trust both while the members and then the clients get their new ' +
    'certificates, and take the CA of Kubernetes out of `--trusted-ca-file` and `--peer-trusted-ca-file`.',
  references: [etcdSecurity, 'https://kubernetes.io/docs/setup/best-practices/certificates/'],
  standards: cis('2.7'),

  needs: ['files', 'members', 'clients'],

  targets(facts) {
    const identities = kubernetesIdentities(facts.files);
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
      actual: shortList(
        issued.map(({ path, certificate }) => `${path} (${certificate.subject.text})`),
      ),
    });
  },
});

/** Names that Kubernetes gives to its own components and users, and etcd never to its clients. */
const kubernetesName =
  /^(system:|kube-apiserver$|kube-apiserver-kubelet-client$|kubernetes-(super-)?admin$)/;

interface Identity {
  readonly path: string;
  readonly certificate: Certificate;
}

function kubernetesIdentities(files: readonly FileFact[]): readonly Identity[] {
  return files.flatMap((file) =>
    certificatesIn(file)
      .filter(({ subject }) => kubernetesName.test(subject.commonName ?? ''))
      .map((certificate) => ({ path: file.path, certificate })),
  );
}
