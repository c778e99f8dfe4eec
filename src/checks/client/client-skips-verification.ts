import { defineCheck, fail, pass } from '../../model/check.ts';
import { showOrigin } from '../../deployment/listeners.ts';
import { etcdSecurity, goTls } from '../support/references.ts';

export const clientSkipsVerification = defineCheck({
  id: 'client-skips-verification',
  title: 'A client does not verify whom it talks to',
  severity: 'high',
  rationale:
    'Anybody on the path can pass for etcd: he reads what the client writes, passwords of etcd users ' +
    'included, and answers what he likes.',
  remediation:
    'Name the CA of the members in the settings of the client, dial a name that their certificates hold, ' +
    'and drop the option that skips verification.',
  references: [etcdSecurity, goTls],
  standards: [],

  needs: ['clients'],

  targets: ({ clients }) => clients,

  examine({ insecureSkipVerify }) {
    if (insecureSkipVerify?.value !== true) return pass;

    return fail({
      message: 'the client takes anybody for etcd',
      expected: 'verification against the CA of the members',
      actual: showOrigin(insecureSkipVerify.origin),
    });
  },
});
