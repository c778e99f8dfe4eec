import {
  accepting,
  alerted,
  all,
  captured,
  comparesAnotherHost,
  isProbe,
  not,
  type Rule,
  says,
  saysAny,
  statesVerdict,
  wantsLibraryDefault,
} from './rule.ts';

/** A client waited in vain, and says no more than that. */
const gaveUp: Rule['when'] = all(
  says('deadline'),
  ({ line }) => line.writtenBy !== 'etcd',
  not(saysAny('handshake-deadline', 'remote-alert')),
  not(statesVerdict),
);

/** Rules about what a client was given, and what it makes of it. */
export const clientRules: readonly Rule[] = [
  {
    cause: 'NOCERT',
    weight: 8,
    when: all(says('no-certificate-shown'), not(isProbe)),
    because: 'the server asked for a certificate and the client sent none',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 3,
    when: all(says('no-certificate-shown'), not(isProbe)),
    because: 'a health probe over HTTPS has no certificate to present',
  },
  {
    cause: 'NOCERT',
    weight: 9,
    when: all(alerted('certificate required'), not(accepting), not(isProbe)),
    because: 'this alert (116) has one meaning: the client sent no certificate',
  },
  {
    cause: 'NOCERT',
    weight: 4,
    when: all(alerted('handshake failure'), not(accepting), not(says('no-common-suite'))),
    because: 'from Go 1.25 on alert 40 over TLS 1.2 also means that the client sent no certificate',
  },
  {
    cause: 'NOCERT',
    weight: 2,
    when: gaveUp,
    because: 'a client without a certificate is rejected until its deadline',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 11,
    when: all(
      isProbe,
      (reading) =>
        alerted('bad certificate', 'certificate required', 'handshake failure')(reading) ||
        reading.signals.has('no-certificate-shown'),
    ),
    because: 'the probe of a kubelet or a balancer has no certificate to present',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: wantsLibraryDefault,
    because:
      'the client looked for the name `etcd`, which Java clients use where no authority is set',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: comparesAnotherHost,
    because: (reading) =>
      `the client connected to ${reading.line.target?.host}, which the certificate names, and looked for ${captured(reading, 'host-not-in-names', 'wanted')} in it`,
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: says('client-without-alpn'),
    because: "the client's own TLS library cannot negotiate HTTP/2, so nothing was sent yet",
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: all(says('no-alpn'), accepting),
    because: 'the client offers no protocol that etcd speaks: neither HTTP/2 nor HTTP/1.1',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: says('sni-rejected'),
    because:
      "the client's own library rejects the server name, as older ones do for every IP address",
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: says('no-credentials-given'),
    because: 'the client library was given neither a scheme nor credentials',
  },
  {
    cause: 'CLI',
    weight: 9,
    when: saysAny('shadowed', 'old-client', 'endpoint-scheme'),
    because: 'the program rejects its command line',
  },
  {
    cause: 'CLI',
    weight: 3,
    when: gaveUp,
    because:
      'etcdctl hides every cause behind this text; often endpoints or certificates were not given',
  },
  {
    cause: 'CA-CLIENT',
    weight: 2,
    when: gaveUp,
    because: 'a client that rejects the server certificate tries again until its deadline',
  },
  {
    cause: 'CLI',
    weight: 1,
    when: says('version-2-client'),
    because:
      'this text comes from the client for API version 2, which connects to http://127.0.0.1 by default',
  },
];
