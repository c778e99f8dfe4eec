import { defineConfig } from 'vitest/config';
import { skippedTests } from './test/support/skipped-tests.ts';

// Apart from the other tests: a build takes as long as many of them.
export default defineConfig({
  test: {
    include: ['test/executable/**/*.test.ts'],
    globalSetup: ['test/support/components.ts', 'test/executable/build.ts'],
    reporters: ['default', skippedTests()],
    setupFiles: ['test/support/each-has-cases.ts'],
    expect: { requireAssertions: true },
    // They share the processors with etcd and with an emulator.
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
