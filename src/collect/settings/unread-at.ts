import type { UnreadText } from '../../model/draft.ts';
import type { Location } from '../../model/target.ts';
import { enumerate } from '../../model/words.ts';

/** What was not read at a place of a file, and why; `give` says what to do, where that is not to write it otherwise. */
export function unreadAt(
  path: string,
  line: number | undefined,
  reason: string,
  give?: string,
): UnreadText {
  return { path, ...(line !== undefined && { line }), reason, ...(give !== undefined && { give }) };
}

/** What may take something from etcd, or bring something along, and is not judged: only its host shows what comes of it. */
export function notJudgedAt(path: string, line: number | undefined, reason: string): UnreadText {
  const give =
    'check on its host that etcd runs with it, and accept what stays open with `--accept-incomplete`';
  return unreadAt(path, line, reason, give);
}

/** Files that were not given, and may set variables of a process. */
export function variablesNotGiven(
  who: string,
  { file, line }: Location,
  files: readonly string[],
): UnreadText {
  const names = enumerate(files);
  const were = new Set(files).size === 1 ? 'was' : 'were';
  const reason = `${who} may take variables from ${names}, which ${were} not given`;
  return unreadAt(file, line, reason, `give ${names} as well`);
}

/** Why a value is not known that a script sets before it reads a file. */
export function mayBeSetAgain(path: string): string {
  return `${path}, which was not given, may set it again`;
}

/** What to give where that is why a value is not known. */
export function giveFor(doubt: string | undefined): string | undefined {
  const [, path] = /^(.+), which was not given, may set it again$/s.exec(doubt ?? '') ?? [];
  return path === undefined ? undefined : `give ${path} as well`;
}
