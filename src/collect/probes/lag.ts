const tickMs = 20;

/** How long this process was too busy to look at its sockets: no server's fault. */
export interface Lag {
  /** Milliseconds so far, up to this moment. */
  total(): number;
  release(): void;
}

/** No measurement, and nothing is owed. */
export const noLag: Lag = { total: () => 0, release: () => undefined };

/** Measures how late the event loop is, from now on. */
export function watchLag(): Lag {
  let total = 0;
  let last = performance.now();
  const late = (): number => Math.max(0, performance.now() - last - 2 * tickMs);
  const timer = setInterval(() => {
    total += late();
    last = performance.now();
  }, tickMs);
  timer.unref();
  return { total: () => total + late(), release: () => clearInterval(timer) };
}

/** Like setTimeout, but time in which this process was too busy does not count. */
export function setFairTimeout(callback: () => void, milliseconds: number, lag: Lag): () => void {
  const start = lag.total();
  // However busy it is, it ends.
  const most = milliseconds * 4;
  let given = 0;
  let timer = setTimeout(fire, milliseconds);

  function fire(): void {
    const owed = Math.min(lag.total() - start, most) - given;
    if (owed < 10) {
      callback();
      return;
    }
    given += owed;
    timer = setTimeout(fire, owed);
  }
  return () => clearTimeout(timer);
}
