import { expect, test } from 'vitest';
import { readLines } from '../../src/cli/read-lines.ts';
import { directoryWith } from '../support/directory.ts';

test.each([
  ['one\ntwo\n', ['one', 'two']],
  ['one\r\ntwo', ['one', 'two']],
  ['', []],
  ['\n\nx', ['', '', 'x']],
])('lines of %j', async (text, lines) => {
  expect(await linesOf(text)).toEqual(lines);
});

test('characters that lie across the end of a chunk stay whole', async () => {
  const lines = await linesOf('ä€𝄞\n'.repeat(30_000));

  expect(lines.length).toBe(30_000);
  expect(new Set(lines)).toEqual(new Set(['ä€𝄞']));
});

test('a line without end keeps its head and its tail, not its length', async () => {
  const [line = '', ...others] = await linesOf(`head${'x'.repeat(5_000_000)}tail\nnext`);

  expect(line.length).toBeLessThan(200_000);
  expect(line.startsWith('headx')).toBe(true);
  expect(line.endsWith('xtail')).toBe(true);
  expect(others).toEqual(['next']);
});

async function linesOf(text: string): Promise<readonly string[]> {
  await using directory = await directoryWith({ log: text });
  const lines: string[] = [];
  for await (const batch of readLines(directory.at('log'))) lines.push(...batch);
  return lines;
}
