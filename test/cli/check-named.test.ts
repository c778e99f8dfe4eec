import { expect, test } from 'vitest';
import { checkNamed } from '../../src/cli/check-named.ts';

test.each([
  ['certificate-expird', 'did you mean certificate-expired?'],
  ['weak-rsa', 'did you mean weak-rsa-key?'],
  ['something-else-entirely', '`etcd-tls-audit checks` lists them'],
])('takes %j for %j', (id, hint) => {
  expect(() => checkNamed(id)).toThrow(expect.objectContaining({ hint }));
});
