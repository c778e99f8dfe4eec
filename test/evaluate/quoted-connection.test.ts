import { expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { isFinding } from '../../src/model/finding.ts';
import type { Facts } from '../../src/model/evidence.ts';
import { isRefused } from '../../src/model/forecast.ts';
import { client, edge } from '../fixtures/builders.ts';
import { fixtures } from '../fixtures/index.ts';
import { resultsOn } from '../support/verdicts.ts';

const { broken = {} } = fixtures['unknown-authority'] ?? {};
const refused = broken.forecast?.find(isRefused) ?? edge({});

test('a finding quotes a connection that is listed with it', () => {
  const found = foundIn(broken);

  expect(found?.folded).toContain(refused.target.name);
  expect(found?.verdict.cause).toContain(refused.clientError);
});

test('a connection of a client that is only supposed is neither listed nor quoted', () => {
  const ofGuest = edge({
    ...refused,
    edge: 'client',
    from: 'guest',
    target: { kind: 'edge', name: 'client guest' },
    clientError: 'guest error',
  });
  const guest = { ...client(), name: 'guest', known: 'supposed' } as const;
  const found = foundIn({
    ...broken,
    clients: [...(broken.clients ?? []), guest],
    forecast: [ofGuest, ...(broken.forecast ?? [])],
  });

  expect(found?.folded).not.toContain(ofGuest.target.name);
  expect(found?.verdict.cause).not.toContain('guest error');
  expect(found?.verdict.cause).toContain(refused.clientError);
});

function foundIn(facts: Partial<Facts>) {
  const findings = resultsOn(catalogue, facts).filter(isFinding);
  return findings.find(({ check }) => check.id === 'unknown-authority');
}
