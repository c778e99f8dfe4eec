import { expect, test } from 'vitest';
import { isRuleOf } from '../../../testcluster/truth/words-of-rules.ts';

const handshake = 'desc = "transport: authentication handshake failed: ';

/** As etcdctl 3.4.23, 3.5.30 and 3.6.16 print it. */
test.each([
  {
    rule: 'endpoint.no-member',
    words: `${handshake}x509: certificate signed by unknown authority"`,
  },
  {
    rule: 'endpoint.no-member',
    words: `${handshake}tls: failed to verify certificate: x509: certificate signed by unknown authority"`,
  },
  {
    rule: 'x509.host-name',
    words: `${handshake}x509: certificate is valid for 10.9.9.9, not 10.104.100.236"`,
  },
  {
    rule: 'x509.host-name',
    words: `${handshake}x509: cannot validate certificate for 10.104.100.236 because it doesn't contain any IP SANs"`,
  },
] as const)('$words comes of $rule', ({ rule, words }) => {
  expect(isRuleOf(rule, [words], false)).toBe(true);
});

test.each([
  { rule: 'endpoint.no-member', words: 'context deadline exceeded' },
  {
    rule: 'endpoint.no-member',
    words: 'DeadlineExceeded desc = latest balancer error: connection closed',
  },
  { rule: 'x509.host-name', words: 'x509: certificate signed by unknown authority' },
] as const)('$words does not show $rule', ({ rule, words }) => {
  expect(isRuleOf(rule, [words], false)).toBe(false);
});
