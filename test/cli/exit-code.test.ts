import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/exit-code.ts';

test.each([
  { status: 'pass', crashed: false, plain: 0, accepting: 0 },
  { status: 'fail', crashed: false, plain: 1, accepting: 1 },
  { status: 'fail', crashed: true, plain: 1, accepting: 1 },
  { status: 'incomplete', crashed: false, plain: 3, accepting: 0 },
  { status: 'incomplete', crashed: true, plain: 3, accepting: 3 },
] as const)(
  '$status, crashed $crashed, exits $plain, and $accepting with --accept-incomplete',
  ({ status, crashed, plain, accepting }) => {
    expect(exitCode({ status, crashed }, { acceptIncomplete: false })).toBe(plain);
    expect(exitCode({ status, crashed }, { acceptIncomplete: true })).toBe(accepting);
  },
);
