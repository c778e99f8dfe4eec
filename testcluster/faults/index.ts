import { certificateFaults } from './certificates.ts';
import { bundleFaults } from './bundles.ts';
import type { Fault } from './fault.ts';
import { authorityFamilies, leafFamilies, pairsOf, triplesOf } from './families.ts';
import { firstTen } from './first-ten.ts';
import { negotiationFaults } from './negotiation.ts';
import { openings } from './open.ts';
import { pathFaults } from './paths.ts';
import { peerFaults } from './peers.ts';
import { oddButSound, refusedAtStart } from './refused-at-start.ts';
import { revocationFaults } from './revocation.ts';
import { seldomFaults } from './seldom.ts';

export { type Fault, withFault } from './fault.ts';
export { firstTen } from './first-ten.ts';

const single: readonly Fault[] = [
  ...firstTen,
  ...openings,
  ...refusedAtStart,
  ...oddButSound,
  ...certificateFaults,
  ...peerFaults,
  ...revocationFaults,
  ...leafFamilies,
  ...authorityFamilies,
  ...negotiationFaults,
  ...bundleFaults,
  ...pathFaults,
  ...seldomFaults,
];

/** Every mistake that can be put into a cluster, and what looks like one and is none. */
export const faults: readonly Fault[] = [...single, ...pairsOf(single), ...triplesOf(single)];

export function faultNamed(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name);
}
