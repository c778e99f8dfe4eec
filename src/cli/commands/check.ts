import { runAudit } from '../run-audit.ts';
import { OptionReader } from '../read-options.ts';

/** Judges files; dials nothing. */
export async function check(paths: readonly string[], values: object): Promise<number> {
  return await runAudit(paths, new OptionReader(values));
}
