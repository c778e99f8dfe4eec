import type { FoundCommand } from './run.ts';
import type { Run } from './runtime.ts';

/** Whether a script fails where a command in it fails; unknown where that was not followed. */
export type Effect = 'fails' | 'goes-on' | 'unknown';

/**
 * With what clients end whose request is refused: curl with 7, 22, 28, 35, 52, 56 or 60 (libcurl-errors(3)), by the version
 * of TLS and the scheme, wget with 4, 5 or 8 (wget(1)), others with 1.
 */
const rejected = [56, 1, 4, 5, 7, 8, 22, 28, 35, 52, 60];

/**
 * The script is read with each failure of the command and with its success. It is unknown what a failure does where not
 * all do the same.
 */
export function effectOfFailure(command: FoundCommand, read: (status: number) => Run): Effect {
  const passed = read(0);
  let effect: Effect | undefined;
  for (const status of rejected) {
    const found = effectOf(command, read(status), passed);
    if (found === 'unknown' || (effect ??= found) !== found) return 'unknown';
  }
  return effect ?? 'unknown';
}

/**
 * The script fails with the command where every way from there ends with an error, or does not end. Where a failure
 * leaves the same behind as success, it makes no difference.
 */
function effectOf(command: FoundCommand, failed: Run, passed: Run): Effect {
  if (!failed.hasRunAssumed || failed.isLost) return 'unknown';
  if (endsBadly(failed)) return endsBadly(passed) ? 'goes-on' : 'fails';
  if (failed.statuses.every((status) => status === 0)) return 'goes-on';
  const isAlike = !isAnswerKept(command) && leftBy(failed) === leftBy(passed);
  return isAlike ? 'goes-on' : 'unknown';
}

function endsBadly({ statuses }: Run): boolean {
  return statuses.every((status) => status !== undefined && status !== 0);
}

/** Whether something may read later what the command was answered. */
function isAnswerKept({ words, isKept, isRead }: FoundCommand): boolean {
  const files = words.some(({ text }, index) => {
    const file = /^-[^-]*[oO](.*)$|^--output(?:-document)?(?:=(.*))?$|^--remote-name/s.exec(text);
    if (file === null) return false;
    const given = (file[1] ?? '') || (file[2] ?? '') || (words[index + 1]?.text ?? '');
    return given !== '-' && given !== '/dev/null';
  });
  return isKept || isRead || files;
}

function leftBy({ commands, writes, statuses, trace }: Run): string {
  return JSON.stringify([
    trace,
    writes,
    commands.map(({ variables }) => variables.map(({ name, value }) => `${name}=${value}`)),
    statuses.map(String),
  ]);
}
