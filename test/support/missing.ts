import { type ComponentName, componentNames, isOptional } from '../../testcluster/components.ts';

/** Set before any test, and inherited by the workers. */
export const variable = 'ETCD_TLS_AUDIT_MISSING';

export function isMissing(component: ComponentName): boolean {
  return (process.env[variable] ?? '').split(',').includes(component);
}

/** What was missing when the run started, and the part of it that the run must not do without. */
export function missingAtStart(): {
  readonly missing: readonly ComponentName[];
  readonly required: readonly ComponentName[];
} {
  const missing = componentNames.filter(isMissing);
  return { missing, required: missing.filter((name) => !isOptional(name)) };
}
