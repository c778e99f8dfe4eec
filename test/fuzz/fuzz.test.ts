import { expect, test } from 'vitest';
import { Random } from '../oracle/random.ts';
import { readWaiting } from './readers.ts';
import { targets } from './targets/index.ts';

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
