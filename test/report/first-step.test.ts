import { expect, test } from 'vitest';
import { firstStep } from '../../src/report/group.ts';

test.each([
  ['Append the certificate to a.pem; restart etcd.', 'Append the certificate to a.pem'],
  ['Reissue a.pem: it has expired. Then restart.', 'Reissue a.pem'],
  [
    'If CN=x is an intermediate, append it to a.pem; otherwise add CN=x to ca.pem; restart etcd.',
    'If CN=x is an intermediate, append it to a.pem; otherwise add CN=x to ca.pem',
  ],
])('the first step of "%s" is "%s"', (fix, step) => {
  expect(firstStep(fix)).toBe(step);
});
