import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
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

test.each([
  ['UTF-16 of PowerShell', Buffer.from('\uFEFFone\r\ntwo\r\n', 'utf16le')],
  ['UTF-16 of PowerShell without its mark', Buffer.from('one\r\ntwo\r\n', 'utf16le')],
  ['big-endian UTF-16', Buffer.from('\uFEFFone\r\ntwo\r\n', 'utf16le').swap16()],
  ['UTF-8 with a mark', Buffer.from('\uFEFFone\ntwo\n')],
  ['carriage returns alone', Buffer.from('one\rtwo\r')],
  ['Latin-1', Buffer.from('one\ntwo\nz\u00FCrich', 'latin1')],
])('lines of %s', async (_what, bytes) => {
  expect((await linesOf(bytes)).slice(0, 2)).toEqual(['one', 'two']);
});

test('a log that was emptied while it was written begins with zeros', async () => {
  const lines = await linesOf(Buffer.from(`${'\0'.repeat(100_000)}one\ntwo\n`));

  expect(lines.length).toBe(2);
  expect(lines[0]?.endsWith('one')).toBe(true);
});

test.each([
  ['gzip', gzipSync('a line'), /is compressed with gzip$/],
  ['xz', Buffer.from('fd377a585a000004', 'hex'), /is compressed with xz$/],
  ['journal', Buffer.from('LPKSHHRH\0\0'), /is a journal of systemd$/],
])('a log in %s is no text, and the hint makes it one', async (_what, bytes, says) => {
  await expect(linesOf(bytes)).rejects.toMatchObject({
    message: says,
    hint: /^pipe its text in: \S+ .*log \| etcd-tls-audit explain -$/,
  });
});

test('a log that begins with a word of such a format is text', async () => {
  expect(await linesOf('BZ2 is a format\nLPK')).toEqual(['BZ2 is a format', 'LPK']);
});

test('CR and LF that lie in two chunks end one line', async () => {
  // 9 bytes, then 8 each: a chunk of 65,536 ends after a CR.
  const lines = await linesOf(`x${'123456\r\n'.repeat(10_000)}`);

  expect(lines.length).toBe(10_000);
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

async function linesOf(text: string | Buffer): Promise<readonly string[]> {
  await using directory = await directoryWith({});
  await writeFile(directory.at('log'), text);
  const lines: string[] = [];
  for await (const batch of readLines(directory.at('log'))) lines.push(...batch);
  return lines;
}
