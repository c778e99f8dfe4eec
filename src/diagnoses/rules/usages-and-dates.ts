import {
  alerted,
  all,
  amid,
  captured,
  nameMismatch,
  not,
  type Rule,
  says,
  saysAny,
} from './rule.ts';

/** Rules about what a certificate is for, and when. */
export const usageAndDateRules: readonly Rule[] = [
  {
    cause: 'EKU',
    weight: 9,
    when: says('wrong-usage'),
    because: 'a certificate was shown in a role that its extended key usage does not allow',
  },
  {
    cause: 'EKU',
    weight: 3,
    when: all(
      alerted('bad certificate'),
      amid('from-itself', 'otherwise-healthy', 'gateway'),
      not(nameMismatch),
      saysAny('gateway-dial', 'late-alert', 'remote-alert'),
      // The gateway takes whatever its own member serves (embed/serve.go), but for allowed names.
      ({ line }) => line.role !== 'accepting',
    ),
    because: 'a member that is refused by itself while all else works is its gRPC gateway',
  },
  {
    cause: 'EKU',
    weight: 4,
    when: all(
      alerted('bad certificate'),
      saysAny('gateway-dial', 'late-alert'),
      not(amid('dials-another')),
    ),
    because: 'etcd dials itself with its server certificate, which then needs clientAuth',
  },
  {
    cause: 'EKU',
    weight: 4,
    when: all(
      alerted('bad certificate'),
      ({ line }) => line.role === 'dialling' && line.port !== 'peer',
      (reading) => reading.line.writtenBy === 'etcd' || amid('in-etcd-log')(reading),
    ),
    because: 'etcd itself wrote this of a connection that it had dialled: to its own client port',
  },
  {
    cause: 'EKU',
    weight: 3,
    when: all(says('request-timed-out'), not(saysAny('remote-alert'))),
    because:
      'peers that refuse each other show as raft timeouts, with the reason in the other logs',
  },
  {
    cause: 'EKU-CHAIN',
    weight: 10,
    when: all(says('wrong-usage'), amid('intermediate')),
    because: 'Go applies the extended key usage of every CA in the chain to the leaf',
  },
  {
    cause: 'EXPIRED',
    weight: 9,
    when: says('expired'),
    because: (reading) => `the validity ended at ${captured(reading, 'expired', 'limit')}`,
  },
  {
    cause: 'EXPIRED',
    weight: 6,
    when: all(says('outside-validity'), not(says('not-yet-valid'))),
    because: 'the moment of the handshake lies outside the validity of a certificate',
  },
  {
    cause: 'EXPIRED',
    weight: 9,
    when: alerted('certificate expired'),
    because: 'the other side sent the alert for a certificate outside its validity',
  },
  {
    cause: 'EXPIRED',
    weight: 5,
    when: amid('after-a-while'),
    because: 'it worked until a round period had passed',
  },
  {
    cause: 'CLOCK',
    weight: 10,
    when: says('not-yet-valid'),
    because: (reading) =>
      `the verifying side's clock says ${captured(reading, 'not-yet-valid', 'now')}, before the certificate begins`,
  },
  {
    cause: 'CLOCK',
    weight: 5,
    when: (reading) => says('clock-difference')(reading) || amid('clock-mentioned')(reading),
    because: 'a difference of clocks is mentioned',
  },
  {
    cause: 'CLOCK',
    weight: 4,
    when: all(says('outside-validity'), not(saysAny('expired')), saysAny('deadline')),
    because: 'a date check that fails on one host and not on others points to its clock',
  },
  {
    cause: 'RELOAD',
    weight: 10,
    when: all(saysAny('expired'), amid('renewal')),
    because:
      'a certificate was renewed and an expired one is shown still, so a process holds the old one',
  },
  {
    cause: 'RELOAD',
    weight: 7,
    when: all(amid('not-restarted'), not(amid('about-authorities'))),
    because: 'what is on disk is not what the process uses',
  },
  {
    cause: 'RELOAD',
    weight: 6,
    when: all(amid('renewal'), amid('not-restarted')),
    because: 'a renewed file is not what the process uses',
  },
];
