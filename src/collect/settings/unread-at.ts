import type { UnreadText } from '../../model/draft.ts';

/** What was not read at a place of a file, and why; `give` says what to do, where that is not to write it otherwise. */
export function unreadAt(
  path: string,
  line: number | undefined,
  reason: string,
  give?: string,
): UnreadText {
  return { path, ...(line !== undefined && { line }), reason, ...(give !== undefined && { give }) };
}
