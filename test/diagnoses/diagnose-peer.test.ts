import { expect, test } from 'vitest';
import { diagnosePeer, type LostPeer } from '../../src/diagnoses/diagnose-peer.ts';
import { admission, edge, endpoint, observation } from '../fixtures/builders.ts';

const port = endpoint({ port: 2380, member: 'node2' });
const closed = admission({ of: port, presented: 'member', outcome: 'closed' });

function lost(differences: Partial<LostPeer>): LostPeer {
  return {
    member: 'node1',
    peer: 'node2',
    edge: edge(),
    observation: observation({ of: port }),
    admissions: [closed],
    now: new Date('2026-01-01T00:00:00Z'),
    ...differences,
  };
}

test('names both causes that look the same from outside, and the look that decides', () => {
  const diagnosis = diagnosePeer(lost({}));

  expect(diagnosis).toMatchObject({ cause: 'SAN-PEER', confidence: 'open' });
  expect(diagnosis.alternatives.map(({ cause }) => cause)).toEqual(['NET']);
  expect(diagnosis.lookNext).toContain('the log of node2');
});

test('names the network first where the member reaches another one with the same certificate', () => {
  const diagnosis = diagnosePeer(lost({ reachesOthers: true }));

  expect(diagnosis).toMatchObject({ cause: 'NET', confidence: 'likely' });
  expect(diagnosis.alternatives.map(({ cause }) => cause)).toEqual(['SAN-PEER']);
});

test('leaves addresses alone where the peer port compares none', () => {
  const admitted = { ...closed, outcome: 'admitted' } as const;

  const diagnosis = diagnosePeer(lost({ admissions: [admitted] }));

  expect(diagnosis).toMatchObject({ cause: 'NET', alternatives: [] });
});

test('names what the files predict, and nothing else', () => {
  const refused = edge({ outcome: 'refused', rule: 'x509.expired', serverError: 'it expired' });

  const diagnosis = diagnosePeer(lost({ edge: refused }));

  expect(diagnosis).toMatchObject({ cause: 'EXPIRED', confidence: 'certain', alternatives: [] });
  expect(diagnosis.evidence.join()).toContain('it expired');
});

test('blames no certificate for a port at which nothing listens', () => {
  const { flight: _none, ...dead } = observation({ of: port });
  const failed = {
    name: 'connect',
    outcome: 'failed',
    milliseconds: 1,
    code: 'ECONNREFUSED',
  } as const;

  const diagnosis = diagnosePeer(
    lost({ observation: { ...dead, speaks: 'unreachable', stages: [failed] }, admissions: [] }),
  );

  expect(diagnosis).toMatchObject({ cause: 'NET', confidence: 'certain', alternatives: [] });
});

const wrongHost = {
  kind: 'x509.host-name',
  text: 'x509: valid for 10.0.0.3, not 10.0.0.2',
} as const;

test('names both ways in which the certificate of another member comes to be served, and no source address', () => {
  const diagnosis = diagnosePeer(
    lost({ served: { refusal: wrongHost, twin: { member: 'node3' } } }),
  );

  expect(diagnosis).toMatchObject({ cause: 'PROXY', confidence: 'likely' });
  expect(diagnosis.alternatives.map(({ cause }) => cause)).toEqual(['SAN-COPY']);
  expect(diagnosis.evidence.join()).toContain('the certificate of node3 is served');
  expect(diagnosis.lookNext).toContain('fingerprint');
});

test('names what members say of the certificate that is served', () => {
  const diagnosis = diagnosePeer(lost({ served: { refusal: wrongHost } }));

  expect(diagnosis).toMatchObject({ cause: 'SAN', alternatives: [] });
  expect(diagnosis.evidence.join()).toContain('not 10.0.0.2');
});

test('says that it does not know where nothing was seen', () => {
  const { observation: _unseen, ...rest } = lost({ admissions: [] });

  expect(diagnosePeer(rest).cause).toBe('UNKNOWN');
});

test('names what is wrong with the way back, where the way there is sound', () => {
  const diagnosis = diagnosePeer(
    lost({ ownServed: { refusal: wrongHost, twin: { member: 'node3' } } }),
  );

  expect(diagnosis).toMatchObject({ cause: 'PROXY', confidence: 'likely' });
  expect(diagnosis.alternatives.map(({ cause }) => cause)).toEqual(['SAN-COPY']);
  expect(diagnosis.evidence.join()).toContain('at the peer port of node1');
});
