/** Numbers that follow from a seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A natural number below the limit. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  }
}

/** The bytes with one to three small accidents. */
export function mutate(bytes: Uint8Array, random: Random): Uint8Array {
  let mutated: Uint8Array = bytes;
  for (let count = 1 + random.below(3); count > 0; count -= 1)
    mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(Math.max(bytes.length, 1));
  const changed = Buffer.from(bytes);
  switch (random.below(6)) {
    case 0:
      changed[at] = random.below(256);
      return changed;
    case 1:
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      return changed;
    case 2:
      changed[at] = random.pick([
        0, 1, 2, 3, 4, 5, 6, 0x0a, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0x81, 0xa0,
        0xa3, 0xff,
      ]);
      return changed;
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 4:
      return Buffer.concat([
        bytes.subarray(0, at),
        Uint8Array.of(random.below(256)),
        bytes.subarray(at),
      ]);
    default:
      changed[at] = (changed[at] ?? 0) + (random.below(2) === 0 ? 1 : 255);
      return changed;
  }
}
