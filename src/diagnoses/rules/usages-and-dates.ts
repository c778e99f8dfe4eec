import { table } from '../../model/table.ts';
import type { Reading } from '../reading.ts';
import { accepting, alerted, all, captured, not, type Rule, says, saysAny } from './rule.ts';

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
    weight: 8,
    when: all(alerted('certificate expired'), accepting),
    because: 'the client sent the alert for a certificate that has expired',
  },
  {
    cause: 'EXPIRED',
    weight: 6,
    when: all(alerted('certificate expired'), not(accepting)),
    because: 'the server sent the alert for a certificate outside its validity',
  },
  {
    cause: 'CLOCK',
    weight: 3,
    when: all(alerted('certificate expired'), not(accepting)),
    because: 'servers built with Go send the same alert for a certificate that is not valid yet',
  },
  {
    cause: 'CLOCK',
    weight: 10,
    when: says('not-yet-valid'),
    because: (reading) =>
      captured(reading, 'not-yet-valid', 'now') === '-'
        ? 'the side that checked the certificate found it not valid yet'
        : `the certificate is valid from ${captured(reading, 'not-yet-valid', 'limit')}, which is in the future by the clock of the side that checked`,
  },
  {
    cause: 'CLOCK',
    weight: 8,
    when: all(says('clock-difference'), not(mayBeDelay)),
    because: 'etcd measured a difference between the clocks of two members',
  },
  {
    cause: 'NET',
    weight: 6,
    when: mayBeDelay,
    because: (reading) =>
      `etcd took a slow answer for a clock difference of ${captured(reading, 'clock-difference', 'drift')}: its average round trip is ${captured(reading, 'clock-difference', 'roundTrip')}`,
  },
];

/**
 * Whether one slow answer explains the difference. etcd subtracts the time in the peer's answer and half of the average round trip
 * from the time at which the answer arrives; the last round trip makes up an eighth of the average, so it took at most eight times
 * that (`record` in github.com/xiang90/probing, status.go).
 */
function mayBeDelay(reading: Reading): boolean {
  const drift = secondsOf(captured(reading, 'clock-difference', 'drift'));
  const roundTrip = secondsOf(captured(reading, 'clock-difference', 'roundTrip'));
  return drift !== undefined && roundTrip !== undefined && drift <= 7.5 * roundTrip;
}

/** A duration as Go prints it: `1m3.5s`, `505.6ms`. */
function secondsOf(text: string): number | undefined {
  const parts = [...text.matchAll(/([\d.]{1,20})(h|ms|m|s|µs|ns)/g)];
  if (parts.length === 0) return undefined;
  return parts.reduce(
    (sum, [, number, unit = '']) => sum + Number(number) * (seconds[unit] ?? Number.NaN),
    0,
  );
}

const seconds = table<number>({ h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 });
