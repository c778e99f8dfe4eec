import type { LiveOptions } from '../../collect/collect.ts';
import { exitCodes } from '../exit-code.ts';
import { progressOn } from '../progress.ts';
import { OptionReader } from '../read-options.ts';
import { runAudit } from '../run-audit.ts';

/** Judges files, then looks at the running cluster; Ctrl-C ends it cleanly. */
export async function verify(paths: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const interruption = new AbortController();
  const progress = options.flag('quiet') ? undefined : progressOn(process.stderr);
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

/** Flags first, then the variables of etcdctl (etcd's etcdctl/README.md), as etcdctl itself has it. */
function liveOptions(options: OptionReader): LiveOptions {
  const endpoints = options.commaList('endpoints');
  const fromEnvironment = (process.env['ETCDCTL_ENDPOINTS'] ?? '').split(',').filter(Boolean);
  const dialled = endpoints.length > 0 ? endpoints : fromEnvironment;
  return {
    ...(dialled.length > 0 && { endpoints: dialled }),
    ...credential(options),
    timeoutMs: options.duration('timeout') ?? 5000,
    concurrency: options.positiveInteger('concurrency') ?? 64,
    negativeProbes: !options.isFalse('negativeProbes'),
    discover: options.flag('discover'),
    survey: options.flag('survey'),
  };
}

function credential(options: OptionReader) {
  const { ETCDCTL_CACERT, ETCDCTL_CERT, ETCDCTL_KEY } = process.env;
  const trustedCaFile = options.text('cacert') ?? ETCDCTL_CACERT;
  const certificateFile = options.text('cert') ?? ETCDCTL_CERT;
  const keyFile = options.text('key') ?? ETCDCTL_KEY;
  return {
    ...(trustedCaFile !== undefined && { trustedCaFile }),
    ...(certificateFile !== undefined && { certificateFile }),
    ...(keyFile !== undefined && { keyFile }),
  };
}
