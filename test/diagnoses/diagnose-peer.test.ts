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

test('says that it does not know where nothing was seen', () => {
  const { observation: _unseen, ...rest } = lost({ admissions: [] });

  expect(diagnosePeer(rest).cause).toBe('UNKNOWN');
});
