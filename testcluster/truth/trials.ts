import type { EtcdBinaries } from '../etcd-binaries.ts';
import type { Fault } from '../faults/index.ts';
import { applies } from './applies.ts';
import { isRecorded } from './recordings.ts';

/** The faults to try on one etcd. */
export interface Trials {
  readonly each: EtcdBinaries;
  readonly own: readonly Fault[];
}

/** Those of the faults that concern its release. */
export function trialsOf(each: EtcdBinaries, faults: readonly Fault[]): Trials {
  return { each, own: faults.filter((fault) => applies(fault, each.version)) };
}

/** Builds on which each of their faults was tried before, and of the others which was not. */
export function recorded(
  all: readonly Trials[],
  isKept: (fault: Fault, each: EtcdBinaries) => boolean = isRecorded,
): { readonly tried: readonly Trials[]; readonly untried: readonly string[] } {
  const judged = all.map((trials) => ({
    trials,
    lacking: trials.own.filter((fault) => !isKept(fault, trials.each)),
  }));
  return {
    tried: judged.filter(({ lacking }) => lacking.length === 0).map(({ trials }) => trials),
    untried: judged.flatMap(({ trials: { each, own }, lacking: [first, ...more] }) =>
      first === undefined
        ? []
        : [
            `etcd ${each.name} was not tried with ${more.length + 1} of ${own.length} faults, such as ${first.name}`,
          ],
    ),
  };
}
