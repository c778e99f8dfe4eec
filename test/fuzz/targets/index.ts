import type { FuzzTarget } from '../target.ts';
import { evidence } from './evidence.ts';
import { files } from './files.ts';
import { http } from './http.ts';
import { logs } from './logs.ts';
import { reports } from './reports.ts';
import { scripts } from './scripts.ts';
import { settings } from './settings.ts';
import { wire } from './wire.ts';
import { yaml } from './yaml.ts';

/** Everything that is fuzzed, in the order of reports. */
export const targets: readonly FuzzTarget[] = [
  files,
  settings,
  yaml,
  scripts,
  evidence,
  reports,
  logs,
  wire,
  http,
];
