import { type Lag, noLag, setFairTimeout } from './lag.ts';

/** The moment at which everything about one endpoint stops, whether by its time-out or by the operator. */
export interface Deadline {
  /** Set once it has passed: `TIMEOUT` or `ABORTED`. */
  code(): DeadlineCode | undefined;
  /** Milliseconds that are left; 0 when it has passed. */
  left(): number;
  /** Calls back when it passes, at once if it has; the answer takes the call back again. */
  onEnd(callback: (code: DeadlineCode) => void): () => void;
  /** What this process owes to others, by which the deadline is put off. */
  readonly lag: Lag;
  /** Stops the clock, so that the process can end. */
  release(): void;
}

export type DeadlineCode = 'TIMEOUT' | 'ABORTED';

/** @param lag What this process owes to others: time in which it was too busy does not count. */
export function createDeadline(
  milliseconds: number,
  signal?: AbortSignal,
  lag: Lag = noLag,
): Deadline {
  const callbacks = new Set<(code: DeadlineCode) => void>();
  const until = performance.now() + milliseconds;
  const lagAtStart = lag.total();
  let ended: DeadlineCode | undefined;

  const clear = setFairTimeout(() => end('TIMEOUT'), milliseconds, lag);
  const abort = (): void => end('ABORTED');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted === true) abort();

  function release(): void {
    clear();
    signal?.removeEventListener('abort', abort);
  }
  function end(code: DeadlineCode): void {
    if (ended !== undefined) return;
    ended = code;
    release();
    for (const callback of callbacks) callback(code);
  }

  return {
    code: () => ended,
    left() {
      if (ended !== undefined) return 0;
      return Math.max(0, until + lag.total() - lagAtStart - performance.now());
    },
    onEnd(callback) {
      const code = ended;
      if (code === undefined) callbacks.add(callback);
      else queueMicrotask(() => callback(code));
      return () => callbacks.delete(callback);
    },
    lag,
    release,
  };
}

/**
 * A deadline of its own for one question, which never outlives the endpoint's.
 *
 * @param controller Ends it earlier.
 */
export function sooner(
  deadline: Deadline,
  milliseconds: number,
  controller = new AbortController(),
): Deadline {
  const own = createDeadline(
    Math.min(milliseconds, deadline.left()),
    controller.signal,
    deadline.lag,
  );
  const forget = deadline.onEnd((code) => {
    if (code === 'ABORTED') controller.abort();
  });
  return {
    ...own,
    release() {
      forget();
      own.release();
    },
  };
}
