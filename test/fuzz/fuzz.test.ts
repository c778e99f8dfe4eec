import { expect, test } from 'vitest';
import { Random } from '../oracle/random.ts';
import { targets } from './targets/index.ts';

// `npm run fuzz` tries as many as time allows; these are the first ones of a fixed seed.
const inputs = 40;

test.each(targets)(
  '$name: what must hold of every input holds of the first ones',
  async (target) => {
    const tryInput = await target.prepare();
    for (let input = 0; input < inputs; input += 1) {
      await expect(
        Promise.resolve(tryInput(new Random(input))),
        `input ${input}`,
      ).resolves.toBeUndefined();
    }
  },
);
