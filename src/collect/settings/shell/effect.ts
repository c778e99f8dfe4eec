import type { FoundCommand } from './run.ts';
import type { Run } from './runtime.ts';

/** Whether a script fails where a command in it fails; unknown where that was not followed. */
export type Effect = 'fails' | 'goes-on' | 'unknown';

/** What curl ends with where the server wants a certificate (CURLE_RECV_ERROR). */
const rejected = 56;

/**
 * The script is read with the failure of the command and with its success. It fails with the command where every way
 * from there ends with an error, or does not end. Where both leave the same behind, the failure makes no difference.
 */
export function effectOfFailure(command: FoundCommand, read: (status: number) => Run): Effect {
  const [failed, passed] = [read(rejected), read(0)];
  if (!failed.hasRunAssumed || failed.isTrapped) return 'unknown';
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
