import { join } from 'node:path';
import { type Architecture, ownArchitecture } from '../../tools/executable/node.ts';
import { executableOf } from '../../tools/executable/output.ts';

/** The executable that was built for this test run. */
export function builtExecutable(architecture: Architecture = ownArchitecture()): string {
  return join(builds(), executableOf(architecture));
}

/** Where the executables of this test run are. */
export function builds(): string {
  const directory = process.env['ETCD_TLS_AUDIT_EXECUTABLES'];
  if (directory === undefined) throw new Error('start the tests by `npm run test:executable`');
  return directory;
}
