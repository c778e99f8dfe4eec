import { expect, test } from 'vitest';
import { causeOfEdge } from '../../src/diagnoses/cause-of-edge.ts';
import { refusalRules } from '../../src/model/refusal.ts';
import { edge } from '../fixtures/builders.ts';

/** Rules by which nothing can be said. */
const neverRefuses = ['etcd.cut-off', 'file.not-given'];

test('every rule of the forecast that refuses has a cause', () => {
  expect(refusalRules.filter((rule) => causeOfEdge(edge({ rule })) === undefined)).toEqual(
    neverRefuses,
  );
});

test.each([
  { rule: 'x509.unknown-authority', refusedBy: 'server', cause: 'CA-SERVER' },
  { rule: 'x509.unknown-authority', refusedBy: 'client', cause: 'CA-CLIENT' },
  { rule: 'x509.same-name-other-key', refusedBy: 'server', cause: 'CA-MIX' },
  { rule: 'x509.missing-intermediate', refusedBy: 'client', cause: 'CHAIN' },
  { rule: 'x509.issuer-not-an-authority', refusedBy: 'client', cause: 'CHAIN' },
  { rule: 'etcd.ca-file-unparsable', refusedBy: 'start', cause: 'PEM' },
] as const)('$rule by the $refusedBy: $cause', ({ rule, refusedBy, cause }) => {
  expect(causeOfEdge(edge({ rule, refusedBy }))).toBe(cause);
});
