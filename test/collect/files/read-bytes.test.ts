import { expect, test } from 'vitest';
import { readBytesOf } from '../../../src/collect/files/read-bytes.ts';
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
