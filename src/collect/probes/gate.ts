/** Lets so many connections through at a time; what has fallen silent waits outside. */
export interface Gate {
  /** Runs the task when there is room. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export interface GateLimits {
  /** Connections that may be busy at a time. */
  readonly busy: number;
  /** Connections that may be open at a time, silent ones included. */
  readonly open: number;
  /** After how long a connection counts as silent and makes room for another. */
  readonly patienceMs: number;
}

export function createGate({ busy, open, patienceMs }: GateLimits): Gate {
  const waiting: (() => void)[] = [];
  let busyNow = 0;
  let openNow = 0;

  function admit(): void {
    while (busyNow < busy && openNow < open) {
      const start = waiting.shift();
      if (start === undefined) return;
      busyNow += 1;
      openNow += 1;
      start();
    }
  }

  async function room(): Promise<void> {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      admit();
    });
  }

  return {
    async run(task) {
      await room();
      const place = { busy: true };
      const makeRoom = (): void => {
        if (place.busy) busyNow -= 1;
        place.busy = false;
        admit();
      };
      const patience = setTimeout(makeRoom, patienceMs);
      try {
        return await task();
      } finally {
        clearTimeout(patience);
        openNow -= 1;
        makeRoom();
      }
    },
  };
}
