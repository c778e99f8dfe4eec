import { type Lag, noLag, setFairTimeout } from './lag.ts';

/** Limits how many are busy at a time; one that takes long no longer counts as busy and makes room for the next. */
export interface Gate {
  enter(): Promise<Place>;
}

export interface Place {
  leave(): void;
}

export interface GateLimits {
  /** How many may be busy at a time. */
  readonly busy: number;
  /** How many may be inside at a time, those included that take long. */
  readonly inside: number;
  /** After how many milliseconds one counts as taking long. */
  readonly patienceMs: number;
  /** Who takes long because this process is too busy makes no room: more would make it busier. */
  readonly lag?: Lag;
}

export function createGate({ busy, inside, patienceMs, lag = noLag }: GateLimits): Gate {
  const waiting: (() => void)[] = [];
  let busyNow = 0;
  let insideNow = 0;

  function admit(): void {
    while (busyNow < busy && insideNow < inside) {
      const start = waiting.shift();
      if (start === undefined) return;
      busyNow += 1;
      insideNow += 1;
      start();
    }
  }

  return {
    async enter() {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      const place = { busy: true };
      const makeRoom = (): void => {
        if (place.busy) busyNow -= 1;
        place.busy = false;
        admit();
      };
      const lose = setFairTimeout(makeRoom, patienceMs, lag);
      return {
        leave() {
          lose();
          insideNow -= 1;
          makeRoom();
        },
      };
    },
  };
}

export type Lanes = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** Runs tasks in their order, at most so many at a time. */
export function createLanes(count: number): Lanes {
  const gate = createGate({ busy: count, inside: count, patienceMs: 2 ** 31 - 1 });
  return async (task) => {
    const place = await gate.enter();
    try {
      return await task();
    } finally {
      place.leave();
    }
  };
}
