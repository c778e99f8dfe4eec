/** Holds back what would make measured times wrong until no measurement is running. */
export interface Latch {
  /** Begins a measurement; the function returned ends it. */
  begin(): () => void;
  /** Waits until no measurement is running, or no longer than it is worth. */
  quiet(): Promise<void>;
}

/** @param patienceMs How long the slowest of those who measure are waited for. */
export function createLatch(patienceMs: number): Latch {
  const waiting = new Set<() => void>();
  let measuring = 0;

  function release(): void {
    for (const resolve of waiting) resolve();
    waiting.clear();
  }

  return {
    begin() {
      measuring += 1;
      return () => {
        measuring -= 1;
        if (measuring === 0) release();
      };
    },
    async quiet() {
      if (measuring === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    },
  };
}
