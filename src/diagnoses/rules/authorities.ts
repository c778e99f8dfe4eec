import {
  accepting,
  alerted,
  all,
  captured,
  judgedClient,
  not,
  type Rule,
  says,
  saysAny,
} from './rule.ts';
import { isForeign } from '../target.ts';

const untrusted = saysAny('unknown-authority', 'self-signed', 'issuer-not-found');

/** Rules about signatures and trust. */
export const authorityRules: readonly Rule[] = [
  {
    cause: 'CA-CLIENT',
    weight: 8,
    when: all(alerted('unknown ca'), accepting),
    because: 'the client sent the alert: the client does not know the CA',
  },
  {
    cause: 'CA-CLIENT',
    weight: 8,
    when: all(untrusted, not(judgedClient), not(says('candidate-authority'))),
    because: 'the client found no trusted CA for the certificate that was served',
  },
  {
    cause: 'CA-CLIENT',
    weight: 9,
    when: says('no-system-roots'),
    because: 'no CA was configured, and the system has none either',
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(judgedClient, untrusted, not(says('candidate-authority'))),
    because: ({ line }) =>
      `${isForeign(line.service) ? 'the server' : 'etcd'} checked the client certificate, and none of the CAs it trusts signed it`,
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(alerted('unknown ca'), not(accepting)),
    because: 'the server sent the alert: the server does not know the CA of the client certificate',
  },
  {
    cause: 'CA-MIX',
    weight: 10,
    when: all(says('candidate-authority'), not(saysAny('insecure-algorithm', 'cannot-sign'))),
    because: (reading) => {
      const name = captured(reading, 'candidate-authority', 'authority');
      return `a CA ${name === '-' ? 'of the same name' : `named "${name}"`} is trusted, but its key did not make the signature`;
    },
  },
  {
    cause: 'CHAIN',
    weight: 9,
    when: saysAny('path-length', 'cannot-sign'),
    because: 'a certificate in the chain may not sign the next one',
  },
  {
    cause: 'CHAIN',
    weight: 9,
    when: says('name-constraint'),
    because: 'a CA in the chain is limited to other names',
  },
];
