import { expect, test } from 'vitest';
import { github } from '../../src/report/github.ts';
import { check, everyVerdict } from './every-verdict.ts';

test('annotates the places of findings', async () => {
  await expect(github(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.github.txt');
});

test('lets no text start a command of its own', () => {
  const commands = github(everyVerdict)
    .split('\n')
    .filter((line) => line.startsWith('::'));

  expect(
    commands.filter(
      (line) =>
        !/^::(?:error|warning|notice) (?:file=[^,:]+,line=\d+,(?:col=\d+,)?)?title=[^,:]+::\S/.test(
          line,
        ),
    ),
  ).toEqual([]);
});

test('says how many more there are where GitHub would drop them', () => {
  const results = Array.from({ length: 30 }, (_, index) => ({
    check: check(`check-${index}`, 'high'),
    target: { kind: 'cluster', name: 'cluster' } as const,
    basis: 'stated' as const,
    verdict: { status: 'fail', message: 'wrong' } as const,
  }));

  const errors = github({ ...everyVerdict, results }).match(/^::error .*$/gm);

  expect(errors).toHaveLength(10);
  expect(errors?.at(-1)).toMatch(/title=21 more::high: check-9, high: check-10, /);
});
