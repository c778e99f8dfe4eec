/**
 * Where a statement comes from, strongest first: seen on the wire or in the file; written in settings or
 * the inventory; etcd's documented default for a process whose settings were read; supposed by this program.
 */
export const bases = ['observed', 'stated', 'default', 'assumed'] as const;

export type Basis = (typeof bases)[number];

/** A statement is worth no more than the weakest of the facts that decided it. */
export function weakest(...of: readonly Basis[]): Basis {
  return bases[Math.max(0, ...of.map((basis) => bases.indexOf(basis)))] ?? 'assumed';
}

/** Facts that say the same make a statement as strong as the strongest of them. */
export function strongest(...of: readonly Basis[]): Basis {
  return bases[Math.min(bases.length - 1, ...of.map((basis) => bases.indexOf(basis)))] ?? 'assumed';
}

/** Something that was supposed because no source states it. */
export interface Assumption {
  /** What it is about: a member, a client. */
  readonly about: string;
  /** What was supposed, and why. */
  readonly because: string;
  /** What to give so that it is known, as an instruction. */
  readonly give: string;
  /** What a PASS does not cover because of it, where its headline has to say so. */
  readonly notCovered?: string;
  /** Set where the headline says it of every verdict: what failed may succeed in another way. */
  readonly isAlwaysSaid?: true;
}
