import { expect } from 'vitest';

/** A text with another in it, for `toMatchObject`; vitest's own is of type any. */
export function textWith(part: string): unknown {
  return expect.stringContaining(part);
}

/** A text that fits a pattern, for `toMatchObject`. */
export function textLike(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
