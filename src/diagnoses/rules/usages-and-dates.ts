import { alerted, all, captured, not, type Rule, says, saysAny } from './rule.ts';

/** Rules about what a certificate is for, and when. */
export const usageAndDateRules: readonly Rule[] = [
  {
    cause: 'EKU',
    weight: 9,
    when: says('wrong-usage'),
    because: 'a certificate was presented in a role that its extended key usage does not allow',
  },
  {
    cause: 'EKU',
    weight: 6,
    when: alerted('unsupported certificate'),
    because: 'OpenSSL sends this alert for a certificate whose usages do not fit',
  },
  {
    cause: 'EXPIRED',
    weight: 9,
    when: says('expired'),
    because: (reading) =>
      captured(reading, 'expired', 'limit') === '-'
        ? 'the side that checked the certificate found it past its end date'
        : `the certificate expired at ${captured(reading, 'expired', 'limit')}`,
  },
  {
    cause: 'EXPIRED',
    weight: 5,
    when: all(says('outside-validity'), not(saysAny('not-yet-valid', 'expired'))),
    because: 'the moment of the handshake is outside the validity of a certificate',
  },
  {
    cause: 'CLOCK',
    weight: 3,
    when: all(says('outside-validity'), not(saysAny('not-yet-valid', 'expired'))),
    because: 'the text is the same for a certificate that is not valid yet',
  },
  {
    cause: 'EXPIRED',
    weight: 7,
    when: alerted('certificate expired'),
    because: 'the other side sent the alert for a certificate outside its validity',
  },
  {
    cause: 'CLOCK',
    weight: 10,
    when: says('not-yet-valid'),
    because: (reading) =>
      captured(reading, 'not-yet-valid', 'now') === '-'
        ? 'the side that checked the certificate found it not valid yet'
        : `the clock of the side that checked shows ${captured(reading, 'not-yet-valid', 'now')}, before the certificate becomes valid`,
  },
  {
    cause: 'CLOCK',
    weight: 8,
    when: says('clock-difference'),
    because: 'etcd measured a difference between the clocks of two members',
  },
];
