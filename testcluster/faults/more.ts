import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Fault } from './fault.ts';

/**
 * The faults of a module outside the repository, which exports them as `faults`. The interface `Fault` is
 * kept stable for them: name, what, changes (cert set recipe and settings), members, since, until.
 */
export async function faultsIn(file: string): Promise<readonly Fault[]> {
  const loaded: unknown = await import(pathToFileURL(resolve(file)).href);
  if (typeof loaded !== 'object' || loaded === null || !('faults' in loaded)) {
    throw new Error(`${file} exports nothing called "faults": see CONTRIBUTING.md`);
  }
  const { faults } = loaded;
  if (!Array.isArray(faults) || !faults.every(isFault)) {
    throw new Error(
      `${file}: each of "faults" needs a name, what and changes: see CONTRIBUTING.md`,
    );
  }
  return faults;
}

function isFault(value: unknown): value is Fault {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    /^[\w+-]+$/.test(String(value.name)) &&
    'what' in value &&
    typeof value.what === 'string' &&
    'changes' in value &&
    typeof value.changes === 'object'
  );
}
