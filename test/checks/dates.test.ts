import { expect, test } from 'vitest';
import { authorityExpiresBeforeLeaf } from '../../src/checks/date/authority-expires-before-leaf.ts';
import { certificateExpired } from '../../src/checks/date/certificate-expired.ts';
import { certificateExpiresSoon } from '../../src/checks/date/certificate-expires-soon.ts';
import { certificateNotYetValid } from '../../src/checks/date/certificate-not-yet-valid.ts';
import { staleAuthority } from '../../src/checks/file/stale-authority.ts';
import {
  authority,
  certificateFile,
  certificateSet,
  files,
  leaf,
  observation,
  flight,
} from '../fixtures/builders.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import { textLike } from '../support/matching.ts';
import { containing } from '../support/containing.ts';

// Everything is judged at 2026-01-01T00:00:00Z, with a warning 30 days ahead.

function ending(notAfter: string) {
  return certificateSet({
    files: files(certificateFile('node1.pem', leaf({ name: 'node1', with: { notAfter } }))),
  });
}

function count(results: readonly { readonly status: string }[], status = 'fail'): number {
  return results.filter((verdict) => verdict.status === status).length;
}

test.each([
  { notAfter: '2025-12-31T23:59:59Z', expired: 1, soon: 0 },
  { notAfter: '2026-01-01T00:00:00Z', expired: 0, soon: 1 },
  { notAfter: '2026-01-30T23:59:59Z', expired: 0, soon: 1 },
  { notAfter: '2026-01-31T00:00:00Z', expired: 0, soon: 0 },
])('ends $notAfter: $expired expired, $soon about to', ({ notAfter, expired, soon }) => {
  expect(count(verdicts(certificateExpired, ending(notAfter)))).toBe(expired);
  expect(count(verdicts(certificateExpiresSoon, ending(notAfter)))).toBe(soon);
});

test.each([
  { notBefore: '2026-01-01T00:00:01Z', early: 1 },
  { notBefore: '2026-01-01T00:00:00Z', early: 0 },
])('begins $notBefore: $early too early', ({ notBefore, early }) => {
  const facts = certificateSet({
    files: files(certificateFile('node1.pem', leaf({ name: 'node1', with: { notBefore } }))),
  });

  expect(count(verdicts(certificateNotYetValid, facts))).toBe(early);
});

test.each([
  { check: certificateExpired, notAfter: '2025-12-01T00:00:00Z' },
  { check: certificateExpiresSoon, notAfter: '2026-01-09T00:00:00Z' },
])('$check.id: the fix of a leaf is about the leaf, that of a CA about the CA', (given) => {
  const { check, notAfter } = given;
  const ofLeaf = verdicts(check, ending(notAfter)).find(({ status }) => status === 'fail');
  const authorities = files(certificateFile('ca.pem', authority('etcd-ca', { notAfter })));
  const ofCa = verdicts(check, certificateSet({ files: authorities })).find(
    ({ status }) => status === 'fail',
  );

  expect(ofLeaf).toMatchObject({ fix: textLike(/^Reissue the certificate(?!.*CA)/) });
  expect(ofCa).toMatchObject({
    fix: textLike(/^Add the successor of the CA to every trusted CA file/),
  });
});

test('an expired CA is one finding with the leaves that it takes down and its copies', () => {
  const old = authority('etcd-ca', { notAfter: '2025-12-01T00:00:00Z' });
  const facts = certificateSet({
    files: files(
      certificateFile('ca.pem', old),
      certificateFile('node1.pem', leaf({ name: 'node1' }), old),
    ),
  });

  const found = verdicts(certificateExpired, facts).filter(({ status }) => status === 'fail');

  expect(found).toMatchObject([
    {
      message: containing('CA that node1 and etcdctl trust'),
      cause: 'copies are in ca.pem and node1.pem; rejected with it: node1.pem and client.pem',
    },
  ]);
});

test.each([
  {
    what: 'nothing is left that it issued and a valid CA is next to it',
    left: authority('old-ca', { notAfter: '2025-06-01T00:00:00Z' }),
    expired: 0,
    stale: 1,
  },
  {
    what: 'the same CA was renewed with its key',
    left: authority('etcd-ca', { notAfter: '2025-06-01T00:00:00Z', sha256: 'aa' }),
    expired: 0,
    stale: 1,
  },
  {
    what: 'it issued what is in use, and only its name was kept',
    left: authority('etcd-ca', {
      notAfter: '2025-06-01T00:00:00Z',
      sha256: 'aa',
      publicKey: authority('other').publicKey,
    }),
    expired: 1,
    stale: 0,
  },
])('an expired CA next to a valid one: $what', ({ left, expired, stale }) => {
  const facts = certificateSet({ files: files(certificateFile('ca.pem', authority(), left)) });

  expect(count(verdicts(certificateExpired, facts))).toBe(expired);
  expect(count(verdicts(staleAuthority, facts))).toBe(stale);
});

test('judges what is served and lies in no file, at its endpoint', () => {
  const chain = [leaf({ name: 'elsewhere', with: { notAfter: '2025-01-01T00:00:00Z' } })];
  const facts = { ...certificateSet(), endpoints: [observation({ flight: flight({ chain }) })] };

  const found = reportOn(certificateExpired, facts).results.filter(
    ({ verdict }) => verdict.status === 'fail',
  );

  expect(found).toMatchObject([
    {
      target: { kind: 'endpoint', name: 'https://10.0.0.1:2379' },
      verdict: { message: 'the certificate served at https://10.0.0.1:2379 has expired' },
    },
  ]);
});

test('a CA that has expired already is not said to end before its leaves', () => {
  const facts = certificateSet({
    files: files(
      certificateFile('ca.pem', authority('etcd-ca', { notAfter: '2025-06-01T00:00:00Z' })),
    ),
  });

  expect(count(verdicts(authorityExpiresBeforeLeaf, facts))).toBe(0);
});

test('names the leaves that outlive their CA, and no others', () => {
  const facts = certificateSet({
    files: files(
      certificateFile('ca.pem', authority('etcd-ca', { notAfter: '2026-12-01T00:00:00Z' })),
      certificateFile(
        'node1.pem',
        leaf({ name: 'node1', with: { notAfter: '2027-06-01T00:00:00Z' } }),
      ),
    ),
  });

  expect(verdicts(authorityExpiresBeforeLeaf, facts)).toMatchObject([
    { status: 'fail', expected: 'a CA that outlives node1.pem' },
  ]);
});
