import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';
import { etcdSecurity, goTls } from '../support/references.ts';
import { nameInWords } from '../../model/words.ts';

export const clientSkipsVerification = defineCheck({
  id: 'client-skips-verification',
  title: 'Client does not verify the server certificate',
  severity: 'high',
  rationale:
    'An attacker on the network path can read and forge traffic, including passwords of etcd users.',
  remediation:
    'Set the CA of the members in the settings of the client, connect to a name in their certificates, ' +
    'and remove the option that skips verification.',
  references: [etcdSecurity, goTls],

  needs: ['clients'],

  targets: ({ clients }) => clients,

  examine({ name, insecureSkipVerify }) {
    if (insecureSkipVerify?.value !== true) return pass;

    return fail({
      message: `${nameInWords(name)} does not verify the server certificate`,
      expected: 'verification against the CA of the members',
      actual: showOrigin(insecureSkipVerify.origin),
    });
  },
});
