import { defineCheck, fail, pass } from '../../model/check.ts';
import { aboutSetting } from '../../model/about.ts';
import { isEmpty } from '../support/clients.ts';
import { showOrigin } from '../../deployment/listeners.ts';
import { etcdSecurity } from '../support/references.ts';
import { enumerate, nameInWords } from '../../model/words.ts';

export const clientEndpointWithoutTls = defineCheck({
  id: 'client-endpoint-without-tls',
  title: 'Client connects to an http URL although it has certificates',
  severity: 'high',
  rationale:
    'The URL scheme decides: with `http://` nothing is encrypted or verified, even if a CA and a ' +
    'certificate are configured. Against a port that only speaks TLS the client times out.',
  remediation: 'Use `https://` in every endpoint of the client.',
  references: [etcdSecurity],

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
      message: `${nameInWords(name)} has certificates but connects to ${enumerate(plain)} without TLS`,
      expected: 'https',
      actual: showOrigin(endpoints.origin),
    });
  },
});
