import { describe, test } from 'vitest';

/**
 * Tests of a list without entries are no tests, and nothing says so. Where what they need is missing, they
 * are there under some name, and skipped, so that the end of the run names them.
 */
function withCases(collector: object): object {
  const each: unknown = Reflect.get(collector, 'each');
  const skip: unknown = Reflect.get(collector, 'skip');
  if (typeof each !== 'function' || typeof skip !== 'function') throw new Error('not of vitest');
  return Object.assign(collector, {
    each: (cases: unknown, ...rest: readonly unknown[]): unknown => {
      if (Array.isArray(cases) && cases.length === 0) throw new Error('`each` has no cases');
      return Reflect.apply(each, collector, [cases, ...rest]);
    },
    skipIf: (condition: unknown) => (condition ? withCases(skip) : collector),
  });
}

withCases(test);
withCases(describe);
