import { afterEach, expect, test } from 'vitest';
import { quietly } from '../../../src/collect/rpc/quietly.ts';

const usual = process.noDeprecation ?? false;

afterEach(() => {
  process.noDeprecation = usual;
});

test.each([true, false])('leaves the process as it was: %s', async (before) => {
  process.noDeprecation = before;
  let release = (): void => undefined;
  const long = quietly(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );

  await quietly(() => Promise.resolve());
  expect(process.noDeprecation).toBe(true);
  release();
  await long;

  expect(process.noDeprecation).toBe(before);
});

test('leaves the process as it was after a failure, too', async () => {
  await expect(quietly(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(process.noDeprecation).toBe(usual);
});
