import { describe, expect, test, vi } from 'vitest';
import { checks } from '../../src/checks/index.ts';
import { fixtures } from '../fixtures/index.ts';
import { verdicts } from '../support/verdicts.ts';

vi.mock('../../src/etcd/settings-words.ts', () => ({
  settingsWords: () => ({ detail: 'other words', remedy: 'Other words.' }),
}));

/** Where facts hold sentences for readers. */
const sentences = new Set(['because', 'conclusion', 'detail', 'remedy']);

describe.each(checks)('$id', ({ id, ...check }) => {
  const { broken, sound } = fixtures[id] ?? { broken: {}, sound: {} };

  test.each([
    { what: 'broken', facts: broken },
    { what: 'sound', facts: sound },
  ])('says the same of its $what cluster whatever the words', ({ facts }) => {
    const reworded = structuredClone(facts);
    reword(reworded);

    const [before, after] = [facts, reworded].map((each) =>
      verdicts({ id, ...check }, each).map(({ status }) => status),
    );

    expect(after).toEqual(before);
  });
});

function reword(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && sentences.has(key)) Reflect.set(value, key, 'other words');
    else reword(inner);
  }
}
