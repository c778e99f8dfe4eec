import { expect, test } from 'vitest';
import { settingsWords } from '../../src/etcd/settings-words.ts';
import { problemReasons } from '../../src/model/problem-words.ts';
import { problemValues } from '../../src/model/settings-problem.ts';

const values = Object.fromEntries(problemValues.map((name) => [name, `<${name}>`]));
const problem = { kind: 'without-effect', name: '--flag' } as const;

test.each(problemReasons)('%s is put in words', (why) => {
  const { detail, remedy = 'Fix.' } = settingsWords({ ...problem, why, values });

  expect(detail).toMatch(/^\S.*[^.]$/);
  expect(remedy).toMatch(/^[A-Z].*[.?]$/);
});

test.each(problemReasons)('%s without its values says nothing of them', (why) => {
  expect(JSON.stringify(settingsWords({ ...problem, why }))).not.toContain('undefined');
});
