import type { Unreadable } from '../model/files.ts';
import type { RefusalRule } from '../model/refusal.ts';

/** Why a process cannot load what a setting names. */
export interface SystemFault {
  readonly kind: Extract<
    RefusalRule,
    'file.missing' | 'file.permission-denied' | 'file.unreadable'
  >;
  readonly text: string;
}

/** The words of Go's os package for a file that cannot be read. */
export function systemError(path: string, { kind, text }: Unreadable): SystemFault {
  const verb = kind === 'directory' ? 'read' : 'open';
  return { kind: kindOf(kind), text: `${verb} ${path}: ${text}` };
}

function kindOf(kind: Unreadable['kind']): SystemFault['kind'] {
  if (kind === 'missing') return 'file.missing';
  return kind === 'denied' ? 'file.permission-denied' : 'file.unreadable';
}
