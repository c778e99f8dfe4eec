import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startedByScript } from '../../../src/collect/settings/started.ts';
import { cutBy, isMatch } from '../../../src/collect/settings/shell/patterns.ts';
import { Random } from '../../oracle/random.ts';

const pieces = ['a', 'b', '-', '*', '*', '?', '[ab]', '[!a]', '[^b]', '[a-b]', '[', ']', '.', '+'];
const sides = ['#', '##', '%', '%%'];
const withoutEnd = () => ({ steps: Infinity });

/** A pattern, a text, and an operator that cuts. */
function cases(count: number) {
  const random = new Random(7);
  return Array.from({ length: count }, () => {
    const of = (parts: readonly string[], most: number) =>
      Array.from({ length: 1 + random.below(most) }, () => random.pick(parts)).join('');
    return {
      pattern: of(pieces, 5),
      text: of(['a', 'b', '-', '.', '['], 8),
      side: random.pick(sides),
    };
  });
}

test.each(['sh', 'bash'])('patterns mean what they mean to %s', (shell) => {
  const all = cases(3000);
  const script = all
    .map(({ pattern, text, side }) =>
      [
        `x='${text}'`,
        `printf '%s\\t' "\${x${side}${pattern}}"`,
        `case $x in ${pattern}) echo true ;; *) echo false ;; esac`,
      ].join('\n'),
    )
    .join('\n');
  const real = execFileSync(`/bin/${shell}`, { input: script, encoding: 'utf8' })
    .trimEnd()
    .split('\n');

  const answered = all.flatMap(({ pattern, text, side }, index) => {
    const [realCut, realMatch] = real[index]?.split('\t') ?? [];
    const match = isMatch(pattern, text, withoutEnd());
    const cut = cutBy(`${side}${pattern}`, text, withoutEnd());
    return [
      { pattern, text, means: match, is: realMatch === 'true' },
      { pattern: `${side}${pattern}`, text, means: cut, is: realCut },
    ].filter(({ means }) => means !== undefined);
  });

  expect(real).toHaveLength(all.length);
  expect(answered.filter(({ means, is }) => means !== is).slice(0, 5)).toEqual([]);
  // What dash and bash do not share is not answered.
  expect(answered.length).toBeGreaterThan(0.7 * 2 * all.length);
});

test.each(['[b-a]', '[z-a]*'])('a range that is backwards is not followed: %s', (pattern) => {
  expect(isMatch(pattern, 'a', withoutEnd())).toBeUndefined();
  expect(cutBy(`#${pattern}`, 'a', withoutEnd())).toBeUndefined();
});

/** Backtracking tries every way in which the stars can share the text out, and never ends. */
test('a pattern of many stars is answered at once', () => {
  const text = 'a'.repeat(1000);
  const pattern = '*a'.repeat(20);
  const effort = { steps: 10_000 };

  expect(cutBy(`##${pattern}b`, text, effort)).toBe(text);
  expect(cutBy(`%%b${pattern}`, text, effort)).toBe(text);
  expect(isMatch(`${pattern}b`, text, effort)).toBe(false);
  expect(isMatch(pattern, text, effort)).toBe(true);
});

/** Each line of them compares 60,000 times; together they took half a minute. */
test.each([
  ['B=${A##*a*a*a*a*a*a*a*a*a*b}', 'cut'],
  ['case $A in *a*a*a*a*a*a*a*a*a*b) B=b ;; esac', 'compared'],
])('what is %j again and again has one budget for the whole script', (line) => {
  const read = (count: number) => {
    const text = `#!/bin/bash\nA=${'a'.repeat(3000)}\n${`${line}\n`.repeat(count)}exec etcd --name a\n`;
    return startedByScript({ path: 'script', text }, { find: () => undefined });
  };

  expect(read(20)).toMatchObject({ started: [{ program: 'etcd' }], doubts: [] });
  const said = read(4000).doubts.map((doubt) => `${doubt.line}: ${doubt.reason}`);
  expect([...new Set(said)]).toEqual(['34: the script does more than is followed']);
});
