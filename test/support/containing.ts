import { expect } from 'vitest';

/** Matches any text that holds the given one; vitest's own matcher is an `any`. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}
