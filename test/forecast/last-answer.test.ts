import { expect, test } from 'vitest';
import { lastAnswer } from '../../src/forecast/last-answer.ts';
import { aMember } from '../support/facts.ts';

const files = [] as const;
const members = [aMember()];
const evidence = { collectedAt: '2026-01-01T00:00:00.000Z', facts: { files, members }, gaps: {} };

function counting() {
  const answers = lastAnswer<number>();
  let asked = 0;
  return (question: Parameters<typeof answers.to>[0]) => answers.to(question, () => (asked += 1));
}

test('the same question is answered once, whatever else the evidence holds', () => {
  const ask = counting();

  expect(ask(evidence)).toBe(1);
  expect(ask({ ...evidence, facts: { ...evidence.facts, clients: [] } })).toBe(1);
});

test.each([
  ['another moment', { ...evidence, collectedAt: '2027-01-01T00:00:00.000Z' }],
  ['other members', { ...evidence, facts: { files, members: [...members] } }],
  ['other files', { ...evidence, facts: { files: [...files], members } }],
])('%s is another question', (_, other) => {
  const ask = counting();

  expect(ask(evidence)).toBe(1);
  expect(ask(other)).toBe(2);
});

test('where no members are known nothing is remembered', () => {
  const ask = counting();
  const nobody = { ...evidence, facts: { files } };

  expect(ask(nobody)).toBe(1);
  expect(ask(nobody)).toBe(2);
});
