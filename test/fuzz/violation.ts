import { WireViolation } from '../../src/collect/wire/violation.ts';

/** Whether a server's bytes were refused by a declared code. */
export function isViolation(error: unknown): boolean {
  return error instanceof WireViolation;
}
