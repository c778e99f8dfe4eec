import type { Random } from '../oracle/random.ts';

/** One kind of input, and what must hold of every one of them. */
export interface FuzzTarget {
  readonly name: string;
  /** Makes what the inputs have in common; called once. */
  prepare(): Promise<FuzzInput>;
  /** Milliseconds of CPU time that one input may take on a slow machine. */
  readonly mostMilliseconds: number;
  /** How many a run without a time tries: about ten seconds on two cores. */
  readonly inputs: number;
}

/** Makes an input from the numbers and tries it; rejects where something does not hold. Gives the input's length. */
export type FuzzInput = (random: Random) => Promise<number> | number;

/** What did not hold, and the input that shows it. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
  readonly input: string;

  constructor(message: string, input: string, cause?: unknown) {
    super(message, { cause });
    this.input = input;
  }
}

/** The input's length where the attempt succeeds or refuses with a declared reason; else a finding that keeps the input. */
export async function tried(
  input: string,
  attempt: () => Promise<void> | void,
  isRefusal: (error: unknown) => boolean = () => false,
): Promise<number> {
  try {
    await attempt();
  } catch (error) {
    if (!isRefusal(error)) throw new FuzzFinding('what must hold does not', input, error);
  }
  return input.length;
}

const fixedBytes = 160 * 2 ** 20;
const bytesPerCharacter = 4096;

/** How much the heap may grow while an input of this length is tried: linear, with room for what waits for collection. */
export function mostGrowth(length: number): number {
  return fixedBytes + bytesPerCharacter * length;
}
