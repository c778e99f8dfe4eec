import { hasNoShell } from '../../etcd/images.ts';
import type { Requirement } from './before-start.ts';
import type { Process } from './process.ts';
import { isShell, shellOf } from './shell-calls.ts';
import type { CommandLine } from './starts.ts';
import { baseName } from './words.ts';

/** The shell that a container is started with, where its image has none. */
export function requiredShell(
  { image, mounts, origin }: Pick<Process, 'image' | 'mounts' | 'origin'>,
  { words: [first], find }: Pick<CommandLine, 'words' | 'find'>,
): readonly Requirement[] {
  if (image === undefined || first === undefined || !hasNoShell(image.text)) return [];
  const shell = shellIn(first.text, find);
  if (shell === undefined || mounts.some(({ inside }) => ofPrograms.test(inside))) return [];
  const location = first.location ?? origin;
  return [{ name: 'image', of: shell, location, ending: 'fails', why: 'no-shell-in-image' }];
}

/** The shell that a program is, or that a script is for. */
function shellIn(program: string, find: CommandLine['find']): string | undefined {
  if (isShell(baseName(program))) return baseName(program);
  const script = program.startsWith('/') ? find?.(program) : undefined;
  return script?.text.startsWith('#!') === true ? shellOf(script.text) : undefined;
}

/** Where a mount may bring a shell along. */
const ofPrograms = /^(?:$|\/(?:usr\/)?(?:local\/)?s?bin(?:\/|$)|\/usr$)/;
