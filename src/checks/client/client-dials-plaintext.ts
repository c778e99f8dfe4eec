import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { isEmpty } from '../support/clients.ts';
import { showOrigin } from '../../deployment/listeners.ts';
import { etcdSecurity } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const clientDialsPlaintext = defineCheck({
  id: 'client-dials-plaintext',
  title: 'A client dials an http URL in spite of its certificates',
  severity: 'high',
  rationale:
    'The scheme decides: with `http://` nothing is encrypted and nobody is verified, whatever CA and ' +
    'certificate stand beside it. Against a port that speaks TLS only the client times out.',
  remediation: 'Write `https://` in every endpoint of the client.',
  references: [etcdSecurity],
  standards: [],

  explains: ['tls.plaintext-to-tls'],
  needs: ['clients'],

  targets: ({ clients }) =>
    clients
      // Without endpoints of its own a client follows what the members advertise.
      .filter(({ endpoints }) => endpoints.origin.via !== 'assumed')
      .filter(({ certFile, caFile }) => !isEmpty(certFile) || !isEmpty(caFile)),

  examine({ name, endpoints }) {
    const plain = endpoints.value.filter((url) => /^http:/i.test(url));
    if (plain.length === 0) return pass;

    return fail({
      about: [aboutSetting(name, 'endpoints')],
      message: `the client has certificates and dials ${enumerate(plain)} in clear`,
      expected: 'https',
      actual: showOrigin(endpoints.origin),
    });
  },
});
