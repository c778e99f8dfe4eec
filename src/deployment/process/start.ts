import { wordSet } from '../../model/table.ts';
import { posix } from 'node:path';
import { isByHand } from '../../model/by-hand.ts';
import type { MemberDraft } from '../../model/draft.ts';
import type { Doubt, FileMatch } from '../../model/inventory.ts';
import type { ProcessView } from './place.ts';

/** Settings without a command line that reads them. */
const withoutProcess = wordSet('config-map environment-file etcd-config object-variables');

/** What the form of its settings says of where a process starts. */
export function startOf({
  kind,
  container,
}: Partial<Pick<MemberDraft, 'kind' | 'container'>>): NonNullable<ProcessView['start']> {
  if (kind === undefined || withoutProcess.has(kind)) return 'unstated';
  return isByHand(kind) && container === undefined ? 'by-hand' : 'elsewhere';
}

/** A path as it is from the root of what a process sees, where that is known. */
export function fromDirectory(path: string, { directory }: ProcessView): string {
  return directory === undefined || !isRelative(path) ? path : posix.join(directory, path);
}

/** What fills in the beginning of a path may be an absolute one: `${PKI}/ca.pem`, `{{ cert }}`. */
function isRelative(path: string): boolean {
  return !/^(?:\/|[$%<]|\{\{)/.test(path);
}

/** Why a given file may not be the one at a relative path. */
export function doubtOfStart(
  written: string,
  { by }: Pick<FileMatch, 'by'>,
  { directory, start = 'unstated' }: ProcessView,
): Doubt | undefined {
  const isNamesake = by === 'name';
  if (directory !== undefined) {
    return directory === '/' && isNamesake ? atRoot(written) : undefined;
  }
  const isOpen = start === 'elsewhere' || (start === 'by-hand' && isNamesake);
  return isOpen ? anywhere(written) : undefined;
}

/** Processes start there for which nothing else is stated, and hardly any certificates are there. */
function atRoot(written: string): Doubt {
  const path = posix.join('/', written);
  return {
    because: `the process starts in /, so the relative path ${written} is ${path}, and no file was given at that path`,
    give: `write absolute paths in the settings, or set the working directory of the process; if ${path} exists, give it with \`--map\``,
  };
}

function anywhere(written: string): Doubt {
  return {
    because: `the directory that the process starts in is not known, so it is not known where the relative path ${written} leads`,
    give: 'write absolute paths in the settings, or give settings that state the working directory of the process',
  };
}
