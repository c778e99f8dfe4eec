import { run } from '../../src/cli/run.ts';

/** What a command line prints, on both streams, and its exit code. */
export async function outputOf(
  args: readonly string[],
): Promise<{ readonly output: string; readonly code: number }> {
  const written: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => {
    written.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1'));
    return true;
  };
  const streams = [process.stdout, process.stderr];
  // An own property in front of the method that streams inherit.
  for (const stream of streams) stream.write = keep;
  try {
    const code = await run(args);
    return { output: written.join(''), code };
  } finally {
    for (const stream of streams) Reflect.deleteProperty(stream, 'write');
    process.stdout.removeAllListeners('error');
  }
}
