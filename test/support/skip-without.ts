import { beforeEach } from 'vitest';
import type { ComponentName } from '../../testcluster/components.ts';
import { isMissing } from './missing.ts';

/** Skips every test of the file where one of these is missing. The end of the run names them. */
export function skipWithout(...needed: readonly ComponentName[]): void {
  const missing = needed.filter(isMissing);
  if (missing.length > 0) {
    beforeEach((context) => {
      context.skip(`missing: ${missing.join(', ')}`);
    });
  }
}
