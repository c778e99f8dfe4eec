import type { LiveOptions } from '../../collect/collect.ts';
import { exitCodes } from '../exit-code.ts';
import { progressOn } from '../progress.ts';
import { OptionReader } from '../read-options.ts';
import { errorScreen } from '../standard-error.ts';
import { runAudit } from '../run-audit.ts';

/** Judges files, then looks at the running cluster; Ctrl-C ends it cleanly. */
export async function verify(paths: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const interruption = new AbortController();
  const progress = progressOn(errorScreen(), {
    quiet: options.flag('quiet'),
    verbose: options.flag('verbose'),
  });
  const interrupt = (): void => interruption.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  try {
    const live = {
      ...liveOptions(options),
      signal: interruption.signal,
      ...(progress !== undefined && { onProgress: progress.show }),
    };
    const looked = (): void => progress?.end();
    const code = await runAudit(paths, options, { options: live, looked });
    return interruption.signal.aborted ? exitCodes.interrupted : code;
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}

function liveOptions(options: OptionReader): LiveOptions {
  return {
    timeoutMs: options.duration('timeout') ?? 5000,
    concurrency: options.positiveInteger('concurrency') ?? 64,
    negativeProbes: !options.isFalse('negativeProbes'),
    discover: options.flag('discover'),
    survey: options.flag('survey'),
  };
}
