import type { Reading } from '../reading.ts';
import {
  alerted,
  all,
  amid,
  nameMismatch,
  not,
  type Rule,
  says,
  saysAny,
  wantsLibraryDefault,
} from './rule.ts';

const etcdWaited = (reading: Reading): boolean => reading.line.writtenBy === 'etcd';

/** Rules about what a client was given, and what it makes of it. */
export const clientRules: readonly Rule[] = [
  {
    cause: 'NOCERT',
    weight: 8,
    when: saysAny('no-certificate-shown'),
    because: 'the server asked for a certificate and none came',
  },
  {
    cause: 'NOCERT',
    weight: 9,
    when: alerted('certificate required'),
    because: 'this alert (116) has that one meaning',
  },
  {
    cause: 'NOCERT',
    weight: 3,
    when: all(alerted('bad certificate'), (reading) => reading.line.role !== 'accepting'),
    because: 'etcd built with Go before 1.21 sends the same alert when no certificate came',
  },
  {
    cause: 'NOCERT',
    weight: 4,
    when: all(alerted('bad certificate'), amid('works-elsewhere'), not(amid('upgrade'))),
    because: 'the same files are accepted from another program, so this one does not send them',
  },
  {
    cause: 'NOCERT',
    weight: 4,
    when: all(alerted('handshake failure'), not(says('no-common-suite'))),
    because: 'from Go 1.25 on alert 40 over TLS 1.2 also means that no certificate came',
  },
  {
    cause: 'NOCERT',
    weight: 3,
    when: all(says('deadline'), not(etcdWaited), not(says('handshake-deadline'))),
    because: 'a client without a certificate is refused until its deadline',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 6,
    when: all(saysAny('no-certificate-shown'), amid('probe', 'periodic', 'from-itself')),
    because: 'its origin or cadence is that of a health probe',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 11,
    when: all(
      alerted('bad certificate', 'certificate required', 'handshake failure'),
      amid('probe'),
      ({ line }) => line.role !== 'accepting',
    ),
    because: 'the probe of a kubelet, an API server or a balancer has no certificate to show',
  },
  {
    cause: 'NOCERT-PROBE',
    weight: 4,
    when: all(amid('probe'), ({ signals }) => signals.size === 0),
    because: 'probes over HTTP have no certificate to show where clients are authenticated',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: wantsLibraryDefault,
    because:
      'the name that was looked for is `etcd`, which jetcd takes for the authority where it is told none',
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
    when: all(amid('given-nevertheless'), saysAny('remote-alert', 'issuer-not-found')),
    because: 'the client was given its files and does not use them',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 7,
    when: says('sni-rejected'),
    because: 'the client sent a server name that its own library refuses',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 9,
    when: all(
      amid('first-endpoint', 'upgrade'),
      (reading) => nameMismatch(reading) || amid('first-endpoint')(reading),
    ),
    because:
      'older clients verified every endpoint against the host of the first one (clientv3 before 3.4.2)',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 6,
    when: all(amid('works-elsewhere'), amid('upgrade')),
    because: 'the same files work with another program or release',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 3,
    when: amid('works-elsewhere'),
    because: 'another program gets in with the same files',
  },
  {
    cause: 'CLIENT-LIB',
    weight: 6,
    when: amid('misparsed'),
    because: 'the client splits host and port wrongly',
  },
  {
    cause: 'CLI',
    weight: 9,
    when: saysAny('shadowed', 'old-client', 'endpoint-scheme'),
    because: 'the program complains about how it was called',
  },
  {
    cause: 'CLI',
    weight: 2,
    when: says('version-2-client'),
    because: 'these are the words of the client for version 2 of the API',
  },
  {
    cause: 'CLI',
    weight: 4,
    when: all(says('version-2-client'), ({ signals }) => signals.size === 1),
    because: 'the client gives no reason: most often it dials its default endpoints',
  },
  {
    cause: 'CLI',
    weight: 4,
    when: all(
      says('deadline'),
      not(etcdWaited),
      not(saysAny('handshake-deadline', 'outside-validity')),
    ),
    because:
      'etcdctl hides every cause behind this text; most often endpoints or certificates were not given',
  },
];
