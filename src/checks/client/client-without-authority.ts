import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { cis } from '../../standards/cis-kubernetes.ts';
import { stig } from '../../standards/disa-stig.ts';
import { isEmpty } from '../support/clients.ts';
import { etcdSecurity, goTls } from '../support/references.ts';
import { isHttps } from '../../model/host.ts';
import { nameInWords } from '../../model/words.ts';

export const clientWithoutAuthority = defineCheck({
  id: 'client-without-authority',
  title: 'Client verifies etcd against the CAs of the operating system',
  severity: 'high',
  rationale:
    'Without a CA file the client uses the trust store of its operating system: it rejects members with ' +
    'certificates of a private CA, and accepts any server with a public certificate for the host.',
  remediation:
    'Set the CA of the members in the settings of the client (`--etcd-cafile`, `ETCDCTL_CACERT`).',
  references: [etcdSecurity, goTls],
  standards: [...cis('1.2.26'), ...stig('V-242429')],

  explains: ['x509.system-roots'],
  needs: ['clients'],

  // A client without any TLS settings is another check's finding.
  targets: ({ clients }) =>
    clients.filter(
      ({ certFile, endpoints }) => !isEmpty(certFile) && endpoints.value.some(isHttps),
    ),

  examine({ name, caFile, insecureSkipVerify }) {
    if (!isEmpty(caFile) || insecureSkipVerify?.value === true) return pass;

    return fail({
      about: [aboutSetting(name, 'trusted-ca-file')],
      message: `${nameInWords(name)} has a certificate but no CA file, so it verifies etcd against the system trust store`,
      expected: 'the CA of the members',
      actual: caFile === undefined ? 'no CA file' : `${caFile.origin.name ?? 'the CA file'} empty`,
    });
  },
});
