import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { endProcess, isRunning, startProcess, until } from '../processes.ts';
import { cleanEnvironment } from '../run.ts';
import type { Visit } from './oracle-client.ts';

/** Signs by which to judge a program that would go on for ever. */
interface Signs {
  readonly accepted: RegExp;
  readonly refused: RegExp;
}

/** gRPC's own words of a connection that fails; it also says so of those that it gives up itself. */
export const grpcFailure = 'createTransport failed to connect(?!.*(?:cancell?ed|use of closed))';

/** gRPC for Go logs them only when asked to. */
const talkativeGrpc: Readonly<Record<string, string>> = {
  GRPC_GO_LOG_SEVERITY_LEVEL: 'info',
  GRPC_GO_LOG_VERBOSITY_LEVEL: '2',
};

/**
 * Starts a program where clients are, waits until a line shows how it fared or until it has ended, and ends it.
 * `meanwhile` is done while it runs.
 */
export async function watch(
  { cluster, directory }: Pick<Visit, 'cluster' | 'directory'>,
  command: readonly string[],
  { accepted, refused }: Signs,
  meanwhile: () => Promise<unknown> = async () => Promise.resolve(),
): Promise<{ readonly outcome: 'accepted' | 'refused'; readonly words: readonly string[] }> {
  const log = join(directory, 'log');
  const all = [...cluster.handle.placement.client, ...command];
  const started = await startProcess(all, log, cleanEnvironment(talkativeGrpc));
  try {
    const lines = async () => (await readFile(log, 'utf8')).split('\n');
    const saw = async (sign: RegExp) => (await lines()).some((line) => sign.test(line));
    const isRefused = async () => {
      const failures = (await lines()).filter((line) => refused.test(line));
      // A reset can overtake the alert that says why; the next attempt says more, unless all end so.
      return failures.length >= 4 || failures.some((line) => !/broken pipe|reset by/.test(line));
    };
    const isDecided = async () => (await saw(accepted)) || (await isRefused());
    await meanwhile();
    await until(async () => (await isDecided()) || !(await isRunning(started)), 90_000);
    return { outcome: (await saw(accepted)) ? 'accepted' : 'refused', words: await lines() };
  } finally {
    await endProcess(started);
  }
}
