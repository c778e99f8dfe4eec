import { describe, expect, test } from 'vitest';
import { knownAdvisory } from '../../src/checks/cluster/known-advisory.ts';
import { unknownMember } from '../../src/checks/cluster/unknown-member.ts';
import { servedCertificateDiffersFromFile } from '../../src/checks/credential/served-certificate-differs-from-file.ts';
import { rightCertificateRefused } from '../../src/checks/handshake/right-certificate-refused.ts';
import { servedCertificateRefused } from '../../src/checks/handshake/served-certificate-refused.ts';
import { clientPortAdmitsAnonymous } from '../../src/checks/port/client-port-admits-anonymous.ts';
import { runningSettingsDifferFromFiles } from '../../src/checks/setting/running-settings-differ-from-files.ts';
import type { Member } from '../../src/model/inventory.ts';
import {
  admission,
  certificateSet,
  client,
  flight,
  intruder,
  leaf,
  listed,
  member,
  memberList,
  observation,
  process,
  set,
  status,
} from '../fixtures/builders.ts';
import { verdicts } from '../support/verdicts.ts';

function node1(known: Member['known'] = 'supposed'): Member {
  return member({ with: { known } });
}

const supposed = certificateSet({ members: [node1()] });

describe('a served certificate of another CA than the clients trust', () => {
  const endpoints = [
    observation({ flight: flight({ chain: [leaf({ name: 'node1', issuer: 'other-ca' })] }) }),
  ];

  test('is rejected by the clients, whatever file the member is supposed to have', () => {
    const facts = { ...supposed, endpoints };

    expect(verdicts(servedCertificateRefused, facts)).toMatchObject([{ status: 'fail' }]);
    expect(verdicts(servedCertificateDiffersFromFile, facts)).toMatchObject([
      { status: 'inconclusive' },
    ]);
  });

  test('differs from the file that the settings name, which is the one finding', () => {
    const facts = { ...certificateSet(), endpoints };

    expect(verdicts(servedCertificateRefused, facts)).toMatchObject([{ status: 'not-applicable' }]);
    expect(verdicts(servedCertificateDiffersFromFile, facts)).toMatchObject([{ status: 'fail' }]);
  });

  test('is no matter where the supposed file is served', () => {
    const facts = { ...supposed, endpoints: [observation()] };

    expect(verdicts(servedCertificateDiffersFromFile, facts)).toMatchObject([{ status: 'pass' }]);
  });
});

test.each([
  { version: '3.4.23', expected: 'fail' },
  { version: '3.6.14', expected: 'pass' },
])('a supposed member that says it runs $version: $expected', ({ version, expected }) => {
  const facts = { members: [node1()], statuses: [status({ version })] };

  expect(verdicts(knownAdvisory, facts)).toMatchObject([{ status: expected }]);
});

test('a member that did not answer has the release of its settings', () => {
  const node2 = member({ name: 'node2', version: '3.4.23' });
  const facts = { members: [member(), node2], statuses: [status()] };

  expect(verdicts(knownAdvisory, facts).map((verdict) => verdict.status)).toEqual(['pass', 'fail']);
});

test.each([
  { known: 'settings', outcome: 'refused', expected: 'fail' },
  { known: 'supposed', outcome: 'refused', expected: 'inconclusive' },
  { known: 'supposed', outcome: 'admitted', expected: 'pass' },
] as const)(
  'a supposed member and a certificate of a client ($known), $outcome: $expected',
  ({ known, outcome, expected }) => {
    const files = [{ deployed: 'client.pem', file: 'client.pem', because: 'same path' }];
    const facts = {
      members: [node1()],
      clients: [client({ known, files })],
      admissions: [admission({ presented: 'client', certificateFile: 'client.pem', outcome })],
    };

    expect(verdicts(rightCertificateRefused, facts)).toMatchObject([{ status: expected }]);
  },
);

test.each([
  { outcome: 'unclear', expected: 'inconclusive' },
  { outcome: 'refused', expected: 'pass' },
] as const)('a supposed port without a certificate, $outcome: $expected', (seen) => {
  const facts = {
    members: [node1()],
    forecast: [intruder()],
    admissions: [admission({ outcome: seen.outcome })],
  };

  expect(verdicts(clientPortAdmitsAnonymous, facts)).toMatchObject([{ status: seen.expected }]);
});

test('a listed member next to supposed ones is a question; next to listed ones alone it is none', () => {
  const memberLists = [memberList({ members: [listed('node1'), listed('node2')] })];
  const statuses = (known: Member['known']) =>
    verdicts(unknownMember, { members: [node1(known)], memberLists }).map((each) => each.status);

  expect(statuses('supposed')).toEqual(['pass', 'inconclusive']);
  expect(statuses('settings')).toEqual(['pass', 'fail']);
  expect(statuses('listed')).toEqual(['not-applicable']);
});

test('settings that were supposed are not compared with the command line', () => {
  const origin = { via: 'assumed', name: 'assumed' } as const;
  const tls = {
    certFile: { ...set('node1.pem'), origin },
    keyFile: { ...set('node1-key.pem'), origin },
    trustedCaFile: { ...set('ca.pem'), origin },
    clientCertAuth: { ...set(true), origin },
  };
  const members = [member({ client: tls, peer: tls, with: { known: 'supposed' } })];
  const processes = [process({ commandLine: ['etcd', '--cert-file=other.pem'] })];

  expect(verdicts(runningSettingsDifferFromFiles, { members, processes })).toMatchObject([
    { status: 'not-applicable' },
  ]);
});
