import { expect, test } from 'vitest';
import { tokensOf } from '../../../src/collect/settings/shell/lex.ts';

/** Every character that JavaScript calls white space or ends a line with. */
const whiteSpace = Array.from(
  '\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a' +
    '\u2028\u2029\u202f\u205f\u3000\ufeff',
);

test.each(whiteSpace.map((space) => ({ space, code: space.codePointAt(0)?.toString(16) })))(
  'a script with U+$code is read to its end, and only the blanks of sh part words',
  ({ space }) => {
    const words = tokensOf(`a${space}b (c`).filter(({ kind }) => kind === 'word');

    expect(words).toHaveLength([' ', '\t', '\n'].includes(space) ? 3 : 2);
  },
);

test('every text of the characters that mean something to sh is read to its end', () => {
  const signs = Array.from(' \t\n\r;&|()<>\'"\\$`{}#=!*[]~a1');
  const alphabet = [...signs, '\u2028', '${', '$(', '<<', '&>>'];
  let seed = 7;
  const next = (most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % most;
  };
  for (let round = 0; round < 20_000; round += 1) {
    const text = Array.from({ length: next(14) }, () => alphabet[next(alphabet.length)]).join('');

    expect(tokensOf(text).length).toBeLessThanOrEqual(text.length * 2 + 1);
  }
});
