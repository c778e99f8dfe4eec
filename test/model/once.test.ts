import { expect, test, vi } from 'vitest';
import { once, oncePerText } from '../../src/model/once.ts';

test('an object is asked about once, even where nothing follows from it', () => {
  const workOut = vi.fn<(known: { readonly value: number }) => number | undefined>(({ value }) =>
    value > 1 ? value : undefined,
  );
  const answer = once(workOut);
  const [one, two] = [{ value: 1 }, { value: 2 }];

  expect([one, two, one, two].map(answer)).toEqual([undefined, 2, undefined, 2]);
  expect(workOut).toHaveBeenCalledTimes(2);
});

test('an equal object is another one', () => {
  const workOut = vi.fn<(known: object) => number>(() => 1);
  const answer = once(workOut);
  answer({});
  answer({});

  expect(workOut).toHaveBeenCalledTimes(2);
});

test('a text is asked about once, even where nothing follows from it', () => {
  const workOut = vi.fn<(text: string) => number | undefined>((text) =>
    text === '' ? undefined : text.length,
  );
  const answer = oncePerText(workOut);

  expect(['', 'ab', '', 'ab'].map(answer)).toEqual([undefined, 2, undefined, 2]);
  expect(workOut).toHaveBeenCalledTimes(2);
});

test('the answers about many texts do not add up', () => {
  const workOut = vi.fn<(text: string) => number>((text) => text.length);
  const answer = oncePerText(workOut);
  for (let index = 0; index < 1001; index += 1) answer(String(index));
  answer('0');

  expect(answer('1000')).toBe(4);
  expect(workOut).toHaveBeenCalledTimes(1002);
});
