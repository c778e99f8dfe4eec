import type { Random } from '../oracle/random.ts';

/** One kind of input, and what must hold of every one of them. */
export interface FuzzTarget {
  readonly name: string;
  /** Makes what the inputs have in common; called once. */
  prepare(): Promise<FuzzInput>;
  /** Milliseconds of CPU time that one input may take on a slow machine. */
  readonly mostMilliseconds: number;
}

/** Makes an input from the numbers and tries it; rejects where something does not hold. */
export type FuzzInput = (random: Random) => Promise<void> | void;

/** What did not hold, and the input that shows it. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
  readonly input: string;

  constructor(message: string, input: string, cause?: unknown) {
    super(message, { cause });
    this.input = input;
  }
}
