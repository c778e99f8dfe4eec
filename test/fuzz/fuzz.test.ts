import { expect, test } from 'vitest';
import { Random } from '../oracle/random.ts';
import { textLike } from '../support/matching.ts';
import { readWaiting } from './readers.ts';
import { targets } from './targets/index.ts';
import { tryLengths } from './targets/long.ts';

// `npm run fuzz` tries more; these are the first ones of a fixed seed.
const mostInputs = 40;

test.each(targets)(
  '$name: what must hold of every input holds of the first ones',
  { timeout: 60_000 },
  async (target) => {
    const tryInput = await target.prepare();
    const inputs = Math.min(mostInputs, target.inputs / 8);
    for (let input = 0; input < inputs; input += 1) {
      await expect(
        Promise.resolve(tryInput(new Random(input))),
        `input ${input}`,
      ).resolves.toBeGreaterThan(-1);
    }
    await readWaiting();
  },
);

const make = (length: number) => 'x'.repeat(length);

function reads(rounds: (length: number) => number) {
  return (text: string) => {
    let sum = 0;
    for (let round = 0; round < rounds(text.length); round += 1) {
      for (let at = 0; at < text.length; at += 1) sum += text.codePointAt(at) ?? 0;
    }
    expect(sum).toBeGreaterThan(0);
  };
}

test('what takes the square of its input is found, and what takes a multiple is not', async () => {
  await expect(tryLengths({ make, read: reads((length) => length / 5) })).rejects.toMatchObject({
    name: 'FuzzFinding',
    cause: { message: textLike(/^25000 characters: \d+ ms, 100000: \d+ ms$/) },
  });
  await expect(tryLengths({ make, read: reads(() => 5000) })).resolves.toBe(100_000);
});
