import type { RefusalRule } from '../model/refusal.ts';

/** Why a process cannot load what a setting names. */
export interface SystemFault {
  readonly kind: Extract<
    RefusalRule,
    'file.missing' | 'file.permission-denied' | 'file.unreadable'
  >;
  readonly text: string;
}

/** The words of strerror(3) that tell kinds apart; all others leave a file unreadable. */
const kinds: ReadonlyMap<string, SystemFault['kind']> = new Map([
  ['no such file or directory', 'file.missing'],
  ['permission denied', 'file.permission-denied'],
]);

/** The words of Go's os package for a file that cannot be read. */
export function systemError(path: string, reason: string): SystemFault {
  return {
    kind: kinds.get(reason) ?? 'file.unreadable',
    text: `${/is a directory/i.test(reason) ? 'read' : 'open'} ${path}: ${reason}`,
  };
}
