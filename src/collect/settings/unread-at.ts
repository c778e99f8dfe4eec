import type { UnreadText } from '../../model/draft.ts';

/** What was not read at a place of a file, and why. */
export function unreadAt(path: string, line: number | undefined, reason: string): UnreadText {
  return { path, ...(line !== undefined && { line }), reason };
}
