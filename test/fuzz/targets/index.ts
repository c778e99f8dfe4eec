import type { FuzzTarget } from '../target.ts';
import { certificates } from './certificates.ts';
import { commands } from './commands.ts';
import { directories } from './directories.ts';
import { evidence } from './evidence.ts';
import { files } from './files.ts';
import { http } from './http.ts';
import { judgements } from './judgements.ts';
import { inventories } from './inventories.ts';
import { logs } from './logs.ts';
import { long } from './long.ts';
import { reports } from './reports.ts';
import { scripts } from './scripts.ts';
import { settings } from './settings.ts';
import { wire } from './wire.ts';
import { yaml } from './yaml.ts';

/** Everything that is fuzzed, in the order of reports. */
export const targets: readonly FuzzTarget[] = [
  files,
  certificates,
  settings,
  directories,
  yaml,
  scripts,
  evidence,
  reports,
  logs,
  wire,
  http,
  inventories,
  judgements,
  commands,
  long,
];
