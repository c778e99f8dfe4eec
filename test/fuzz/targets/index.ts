import type { FuzzTarget } from '../target.ts';
import { evidence } from './evidence.ts';
import { files } from './files.ts';
import { settings } from './settings.ts';

/** Everything that is fuzzed, in the order of reports. */
export const targets: readonly FuzzTarget[] = [files, settings, evidence];
