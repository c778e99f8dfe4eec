let running = 0;
let before = false;

/**
 * Runs a task without Node's deprecation warnings: grpc-js dials addresses with themselves as SNI, of which
 * Node warns on stderr (DEP0123), and that is nothing an operator could do anything about.
 */
export async function quietly<Result>(task: () => Promise<Result>): Promise<Result> {
  if (running === 0) before = process.noDeprecation ?? false;
  running += 1;
  process.noDeprecation = true;
  try {
    return await task();
  } finally {
    running -= 1;
    if (running === 0) process.noDeprecation = before;
  }
}
