import { defineConfig } from 'vitest/config';

// Two workers at most: the tests that start real etcd clusters share the machine with the rest.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
