import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { expect, test } from 'vitest';
import { readAgain, readBytesOf } from '../../../src/collect/files/read-bytes.ts';
import { directoryWith } from '../../support/directory.ts';

const limits = { mostBytes: 200_000, allowsPipe: false };

test.each([0, 1, 65_535, 65_536, 65_537, 200_000])(
  'a file of %i bytes is read whole',
  async (size) => {
    const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
    await using set = await directoryWith({ file: content });

    expect(Buffer.compare(readBytesOf(set.at('file'), limits), content)).toBe(0);
  },
);

test('a file of one byte more than may be read is not', async () => {
  await using set = await directoryWith({ file: new Uint8Array(200_001) });

  expect(() => readBytesOf(set.at('file'), limits)).toThrow('EFBIG');
});

test('a pipe is read again from what it gave, until a file takes its place', async () => {
  await using set = await directoryWith({});
  const path = set.at('key');
  execFileSync('mkfifo', [path]);
  spawn('sh', ['-c', 'printf secret > "$0"', path], { stdio: 'ignore' });
  const pipes = { ...limits, allowsPipe: true };

  expect(readBytesOf(path, pipes).toString()).toBe('secret');
  expect(readAgain(path).toString()).toBe('secret');
  expect(readAgain(relative('.', path)).toString()).toBe('secret');

  rmSync(path);
  writeFileSync(path, 'another');
  expect(readBytesOf(path, pipes).toString()).toBe('another');
  expect(readAgain(path).toString()).toBe('another');
});

test('a pipe that was not read before is not waited for', async () => {
  await using set = await directoryWith({});
  execFileSync('mkfifo', [set.at('pipe')]);

  expect(() => readAgain(set.at('pipe'))).toThrow('ENOTSUP');
});
