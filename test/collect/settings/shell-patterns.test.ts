import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { startedByScript } from '../../../src/collect/settings/started.ts';
import { cutBy, isMatch } from '../../../src/collect/settings/shell/patterns.ts';
import { Random } from '../../oracle/random.ts';

const pieces = ['a', 'b', '-', '*', '*', '?', '[ab]', '[!a]', '[^b]', '[a-b]', '[', ']', '.', '+'];
const sides = ['#', '##', '%', '%%'];

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

  const wrong = all.flatMap(({ pattern, text, side }, index) => {
    const cut = cutBy(`${side}${pattern}`, text);
    const match = isMatch(pattern, text);
    const [realCut, realMatch] = real[index]?.split('\t') ?? [];
    const isRight = (cut ?? realCut) === realCut && String(match ?? realMatch) === realMatch;
    return isRight ? [] : [{ pattern, text, side, cut, realCut, match, realMatch }];
  });

  expect(real).toHaveLength(all.length);
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(
    all.filter(({ pattern, text }) => isMatch(pattern, text) !== undefined).length,
  ).toBeGreaterThan(2000);
});

test.each(['[b-a]', '[z-a]*'])('a range that is backwards is not followed: %s', (pattern) => {
  expect(isMatch(pattern, 'a')).toBeUndefined();
  expect(cutBy(`#${pattern}`, 'a')).toBeUndefined();
});

/** Backtracking tries every way in which the stars can share the text out, and never ends. */
test('a pattern of many stars is answered at once', () => {
  const text = 'a'.repeat(1000);
  const pattern = '*a'.repeat(20);

  expect(cutBy(`##${pattern}b`, text)).toBe(text);
  expect(cutBy(`%%b${pattern}`, text)).toBe(text);
  expect(isMatch(`${pattern}b`, text)).toBe(false);
  expect(isMatch(pattern, text)).toBe(true);
});

test('what would take too many comparisons is not followed, and told', () => {
  const line = `A=${'a'.repeat(5000)}\nB=\${A##${'*a'.repeat(20)}}`;
  const script = { path: 'script', text: `#!/bin/bash\n${line}\nexec etcd --name "$B"\n` };

  const { started } = startedByScript(script, { find: () => undefined });

  expect(started.map(({ program, words }) => [program, words.at(-1)?.text.slice(0, 5)])).toEqual([
    ['etcd', '${A##'],
  ]);
});
