import { describe, expect, test } from 'vitest';
import { pack, unpack } from '../../src/cli/packed.ts';

const files = new Map([
  ['a.js', Buffer.from('one')],
  ['empty', Buffer.alloc(0)],
  ['b.js', Buffer.from('1234567\n')],
  ['c.js', Buffer.from(' last')],
]);

describe('files packed into one', () => {
  test.each([0, 1, 4, 7])('come out as they were, from %i bytes after an aligned address', (at) => {
    const packed = pack('key', files, at);
    const found = unpack(packed, 'key');

    expect(found).toEqual(files);
    for (const content of found.values()) {
      expect((at + content.byteOffset - packed.byteOffset) % 8).toBe(0);
    }
  });

  test('are none where the key is another, or nothing is there', () => {
    expect(unpack(pack('key', files), 'other')).toEqual(new Map());
    expect(unpack(undefined, 'key')).toEqual(new Map());
    expect(unpack(Buffer.alloc(0), 'key')).toEqual(new Map());
  });
});
