import { expect, test } from 'vitest';
import { applies } from '../../../testcluster/truth/applies.ts';

const fault = { name: 'x', what: 'x', changes: {} };

test.each([
  { version: '3.4.23', since: '3.4', applicable: true },
  { version: '3.3.25', since: '3.4', applicable: false },
  { version: '3.10.0', since: '3.9', applicable: true },
  { version: '3.5.7', since: '3.5.8', applicable: false },
  { version: '3.5.16', until: '3.5', applicable: true },
  { version: '3.6.0', until: '3.5', applicable: false },
  { version: '3.4.25', until: '3.4.24', applicable: false },
])('$version, since $since, until $until: $applicable', ({ version, applicable, ...bounds }) => {
  expect(applies({ ...fault, ...bounds }, version)).toBe(applicable);
});
