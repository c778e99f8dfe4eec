import { configDefaults, defineConfig } from 'vitest/config';
import { changeableNumbers } from './test/support/numbers-of-sources.ts';
import { skippedTests } from './test/support/skipped-tests.ts';

// Two workers at most: the tests that start real etcd clusters share the machine with the rest.
export default defineConfig({
  plugins: [changeableNumbers()],
  test: {
    include: ['test/**/*.test.ts'],
    // `npm run test:executable`
    exclude: [...configDefaults.exclude, 'test/executable/**'],
    globalSetup: ['test/support/components.ts', 'test/support/build.ts'],
    // .ci/run counts by the file.
    reporters: ['default', ['json', { outputFile: '.cache/tests.json' }], skippedTests()],
    setupFiles: ['test/support/each-has-cases.ts'],
    expect: { requireAssertions: true },
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
