import { describe, expect, test } from 'vitest';
import { isFinding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { inDays, issueAuthority } from '../support/pki.ts';
import { certificatesOf, type Leaves, seenServing } from '../support/served.ts';

const other = await issueAuthority({ commonName: 'other-ca' });
const hosts = ['10.0.0.1'];

const cases: readonly {
  readonly what: string;
  readonly leaves: Leaves;
  readonly served: string;
  readonly check: RegExp;
}[] = [
  {
    what: 'the certificate of another member',
    leaves: { node1: { hosts }, node2: { hosts: ['10.0.0.2'] } },
    served: 'node2',
    check: /^served-certificate-refused$/,
  },
  {
    what: 'a certificate of a client',
    leaves: { node1: { hosts }, probe: { usages: ['clientAuth'], hosts } },
    served: 'probe',
    check: /^served-certificate-refused$/,
  },
  {
    what: 'a certificate of a CA that the client does not trust',
    leaves: { node1: { hosts, by: other } },
    served: 'node1',
    check: /^(?:served-certificate-refused|unknown-authority)$/,
  },
  {
    what: 'an expired certificate',
    leaves: { node1: { hosts, validFrom: inDays(-9), validTo: inDays(-1) } },
    served: 'node1',
    check: /^certificate-expired$/,
  },
];

function failing({ results }: Report) {
  return results.filter(isFinding).filter(({ check }) => check.severity === 'high');
}

describe.each(cases)('$what that is served', ({ leaves, served, check }) => {
  test.each([
    { given: 'all files' },
    { given: 'no files of members', names: ['ca.pem', 'client.pem', 'client-key.pem'] },
    { given: 'files of another client', names: ['ca.pem', 'other.pem', 'other-key.pem'] },
  ])('is one finding with $given', async ({ names }) => {
    await using directory = await certificatesOf({ ...leaves, other: { usages: ['clientAuth'] } });
    const paths = names?.map((name) => directory.at(name));

    const report = await seenServing(directory, { '10.0.0.1': served }, paths);

    expect(report.verdict.status).toBe('fail');
    expect(failing(report).map((finding) => finding.check.id)).toEqual([
      expect.stringMatching(check),
    ]);
  });
});

test('a sound certificate of an unknown member leaves the question who serves it', async () => {
  await using directory = await certificatesOf({
    node1: { hosts },
    other: { usages: ['clientAuth'] },
  });
  const paths = ['ca.pem', 'other.pem'].map((name) => directory.at(name));

  const report = await seenServing(directory, { '10.0.0.1': 'node1' }, paths);

  expect(failing(report)).toEqual([]);
  expect(report.verdict.status).toBe('incomplete');
  expect(report.gaps).toMatchObject([{ what: 'members', asked: true }]);
});

test('the own certificate of a member that is served is none', async () => {
  await using directory = await certificatesOf({
    node1: { hosts },
    node2: { hosts: ['10.0.0.2'] },
  });

  expect(failing(await seenServing(directory, { '10.0.0.1': 'node1' }))).toEqual([]);
});
