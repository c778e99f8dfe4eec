import type { Fault } from './fault.ts';
import { firstTen } from './first-ten.ts';

export { type Fault, withFault } from './fault.ts';

/** Every mistake that can be put into a cluster. */
export const faults: readonly Fault[] = [...firstTen];

export function faultNamed(name: string): Fault | undefined {
  return faults.find((fault) => fault.name === name);
}
