import type { Reading } from '../reading.ts';
import { alerted, all, amid, captured, not, type Rule, says, saysAny } from './rule.ts';

const untrusted = saysAny('unknown-authority', 'self-signed', 'issuer-not-found');

/** etcd judged the client, rather than somebody judging etcd. */
const etcdRefusedClient = (reading: Reading): boolean =>
  reading.signals.has('verification-by-server') ||
  (reading.line.role === 'accepting' && !reading.signals.has('remote-alert'));

/** Rules about who signed, and who trusts whom. */
export const authorityRules: readonly Rule[] = [
  {
    cause: 'CA-CLIENT',
    weight: 8,
    when: all(alerted('unknown ca'), (reading) => reading.line.role === 'accepting'),
    because: 'the alert came to etcd: the client is the side that does not know the CA',
  },
  {
    cause: 'CA-CLIENT',
    weight: 7,
    when: all(untrusted, not(etcdRefusedClient)),
    because: 'the dialling side found no trusted CA for the certificate that etcd served',
  },
  {
    cause: 'CA-CLIENT',
    weight: 9,
    when: says('no-system-roots'),
    because: 'no CA was configured, and the system has none either',
  },
  {
    cause: 'CA-CLIENT',
    weight: 1,
    when: all(alerted('bad certificate'), (reading) => reading.line.role === 'accepting'),
    because: 'Go clients send this alert for every fault they find in the server certificate',
  },
  {
    cause: 'CA-CLIENT',
    weight: 5,
    when: says('bad-record-mac'),
    because:
      'a TLS 1.3 client of OpenSSL refused the server certificate; its alert came under keys that Go had dropped',
  },
  {
    cause: 'CA-SERVER',
    weight: 7,
    when: all(etcdRefusedClient, says('unknown-authority')),
    because: 'etcd judged the client certificate, and no CA that it trusts has signed it',
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(amid('gateway'), says('unknown-authority')),
    because:
      'the gateway shows the server certificate to its own member, which judges it as a client',
  },
  {
    cause: 'CA-SERVER',
    weight: 8,
    when: all(alerted('unknown ca'), (reading) => reading.line.role !== 'accepting'),
    because: 'the alert came to the client: etcd is the side that does not know the CA',
  },
  {
    cause: 'CA-MIX',
    weight: 10,
    when: all(says('candidate-authority'), not(saysAny('insecure-algorithm', 'cannot-sign'))),
    because: (reading) =>
      `a CA named "${captured(reading, 'candidate-authority', 'authority')}" is trusted, but its key did not make the signature`,
  },
  {
    cause: 'CA-MIX',
    weight: 5,
    when: all(amid('new-ca'), not(amid('not-restarted'))),
    because: 'a second CA was made',
  },
  {
    cause: 'CA-ROT',
    weight: 8,
    when: all(amid('not-restarted'), amid('about-authorities')),
    because: 'CA files are read once, at start',
  },
  {
    cause: 'CA-ROT',
    weight: 6,
    when: amid('rotated-authority'),
    because: 'while a CA is changed, every side has to trust both before the first new leaf comes',
  },
  {
    cause: 'CA-ROT',
    weight: 4,
    when: amid('question-of-ca-bundle'),
    because: 'during a change of CA both have to be in the bundle',
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
  {
    cause: 'CHAIN',
    weight: 3,
    when: all(amid('intermediate'), untrusted),
    because: 'who trusts the root alone needs the intermediate from the other side',
  },
  {
    cause: 'CHAIN',
    weight: 6,
    when: amid('intermediate'),
    because: 'an intermediate certificate is involved',
  },
];
