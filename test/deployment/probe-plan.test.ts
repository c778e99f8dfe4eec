import { expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { probePlan } from '../../src/deployment/probe-plan.ts';

const deployment = { collectedAt: '2026-01-01T00:00:00.000Z', facts: {}, gaps: {} };

function planFor(...ids: readonly string[]) {
  const { questions, intruders } = probePlan(
    deployment,
    catalogue.filter(({ id }) => ids.includes(id)),
  );
  return { questions: questions.toSorted(), intruders };
}

const ofMembers = ['memberLists', 'processes', 'statuses'];

test.each([
  { ids: [], questions: [], intruders: false },
  { ids: ['endpoint-without-tls'], questions: [], intruders: false },
  { ids: ['clock-skew', 'version-skew'], questions: ['processes', 'statuses'], intruders: false },
  { ids: ['no-leader'], questions: ofMembers, intruders: false },
  { ids: ['handshake-refused'], questions: ['admissions', ...ofMembers], intruders: false },
  {
    ids: ['client-port-admits-anonymous'],
    questions: ['admissions', ...ofMembers],
    intruders: true,
  },
])('$ids ask for $questions', ({ ids, questions, intruders }) => {
  expect(planFor(...ids)).toEqual({ questions, intruders });
});

test('all checks together ask for everything', () => {
  const { questions, intruders } = planFor(...catalogue.map(({ id }) => id));

  expect(questions).toEqual(['admissions', ...ofMembers, 'offers'].toSorted());
  expect(intruders).toBe(true);
});
