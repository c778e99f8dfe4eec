import { defineCheck, fail, pass } from '../../model/check.ts';
import { namesIn, showNames } from '../../deployment/names.ts';
import { etcdSecurity, goX509 } from '../support/references.ts';
import { credentialsOf, describeUses } from '../../deployment/certificate-uses.ts';
import { isLoopback } from '../../model/host.ts';

export const loopbackNotInCertificate = defineCheck({
  id: 'loopback-not-in-certificate',
  title: 'Server certificate names neither 127.0.0.1 nor localhost',
  severity: 'low',
  rationale:
    'Health checks, backup scripts and etcdctl without `--endpoints` connect to 127.0.0.1:2379 on the ' +
    'member itself. Without a name for it in the certificate they fail, or have to skip verification.',
  remediation:
    'Add `IP:127.0.0.1` and `DNS:localhost` to the subject alternative names when the server ' +
    'certificate is next issued.',
  references: [etcdSecurity, goX509],

  needs: ['files', 'members', 'clients'],

  targets: (facts) => credentialsOf(facts, 'server').filter(({ leaf }) => namesIn(leaf).length > 0),

  examine({ leaf, uses }) {
    if (namesIn(leaf).some(isLoopback)) return pass;

    return fail({
      message: `the ${describeUses(uses)} names neither 127.0.0.1 nor localhost, so local health checks fail`,
      expected: 'IP:127.0.0.1 or DNS:localhost',
      actual: showNames(leaf),
    });
  },
});
