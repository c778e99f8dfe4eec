import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ownArchitecture } from '../tools/executable/node.ts';
import { executableOf } from '../tools/executable/output.ts';

/** The executable for this machine; where `npm run executable` has built none, that is said. */
export function builtExecutable(): string | undefined {
  const program = join('release', executableOf(ownArchitecture()));
  if (existsSync(program)) return program;
  process.stdout.write('  NOT MEASURED: the executable (npm run executable)\n');
  return undefined;
}
