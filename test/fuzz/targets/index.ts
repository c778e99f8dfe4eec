import type { FuzzTarget } from '../target.ts';
import { evidence } from './evidence.ts';

/** Everything that is fuzzed, in the order of reports. */
export const targets: readonly FuzzTarget[] = [evidence];
