import type { Reporter } from 'vitest/node';
import { describeMissing, type ComponentName } from '../../testcluster/components.ts';
import { missingAtStart } from './missing.ts';

const allowed = 'ETCD_TLS_AUDIT_ALLOW_MISSING';

/**
 * Names every skipped test at the end, and fails the run if a test was skipped because a component is
 * missing, unless ETCD_TLS_AUDIT_ALLOW_MISSING=1 is set.
 */
export function skippedTests(): Reporter {
  let isFiltered = false;
  return {
    onInit({ config }) {
      isFiltered = config.testNamePattern !== undefined;
    },
    onTestRunEnd(modules) {
      const skipped = modules.flatMap((module) =>
        [...module.children.allTests('skipped')].map(
          (test) => `${module.relativeModuleId} > ${test.fullName}`,
        ),
      );
      // With `-t`, every test of another name is skipped.
      if (skipped.length === 0 || isFiltered) return;

      const { missing, required } = missingAtStart();
      process.stdout.write(summary(missing, skipped));
      if (required.length > 0 && process.env[allowed] !== '1') {
        process.stdout.write(`This fails the run. Set ${allowed}=1 to allow it.\n`);
        process.exitCode = 1;
      }
    },
  };
}

function summary(missing: readonly ComponentName[], skipped: readonly string[]): string {
  const count = skipped.length === 1 ? '1 test was' : `${skipped.length} tests were`;
  return [
    ...missing.map(describeMissing),
    `${count} skipped:`,
    ...skipped.map((name) => `  ${name}`),
    '',
  ].join('\n');
}
