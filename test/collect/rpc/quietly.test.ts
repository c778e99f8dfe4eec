import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { quietly } from '../../../src/collect/rpc/quietly.ts';

const usual = process.noDeprecation ?? false;

afterEach(() => {
  process.noDeprecation = usual;
});

test.each([true, false])('leaves the process as it was: %s', async (before) => {
  process.noDeprecation = before;
  const controller = new AbortController();
  const long = quietly(() => once(controller.signal, 'abort'));

  await quietly(() => Promise.resolve());
  expect(process.noDeprecation).toBe(true);
  controller.abort();
  await long;

  expect(process.noDeprecation).toBe(before);
});

test('leaves the process as it was after a failure, too', async () => {
  await expect(quietly(() => Promise.reject(new Error('no')))).rejects.toThrow('no');

  expect(process.noDeprecation).toBe(usual);
});
