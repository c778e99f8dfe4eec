/** From so many files on, memory counts more than time. */
const manyFiles = 1000;

/** How V8's space for new objects grows during a run. */
export interface NewSpace {
  /** Told how many files will be read. */
  readonly onFound: (count: number) => void;
  /** V8 takes compiled code only under the flags with which it was made: they have to be as before when it is kept. */
  readonly restore: () => void;
}

/**
 * Where there are many files, the space for new objects keeps the size that it has: what is read is kept to the end,
 * so that a larger one is only copied and adds up to three times its size (16 MB, in Node 24 32 MB) to the memory of
 * a run.
 */
export function newSpace(): NewSpace {
  let isSmall = false;
  return {
    onFound(count) {
      if (isSmall || count < manyFiles) return;
      isSmall = true;
      setGrowth(1);
    },
    restore() {
      if (isSmall) setGrowth(2);
    },
  };
}

/** Loads the module of V8 where it is needed: at every start it would take as long as reading ten files. */
function setGrowth(factor: number): void {
  process.getBuiltinModule('node:v8').setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}
