import { writtenOf } from './expand.ts';
import type { Node } from './parse.ts';
import type { State } from './state.ts';

interface PartOfPipe {
  readonly status: number | undefined;
  /** Whether it failed, printed nothing, and grep finds nothing in that. */
  readonly isSilent: boolean;
}

/** The last command of a pipe counts; with `pipefail` any that failed. */
export function statusOfPipe(
  parts: readonly PartOfPipe[],
  pipefail: State['pipefail'],
): number | undefined {
  const last = parts.some(({ isSilent }) => isSilent) ? 1 : parts.at(-1)?.status;
  const hasFailed = parts.some(({ status }) => status !== undefined && status !== 0);
  const haveAllPassed = parts.every(({ status }) => status === 0);
  if (pipefail === false || haveAllPassed) return last;
  if (hasFailed && pipefail === true) return 1;
  return hasFailed && last !== 0 ? last : undefined;
}

/** Whether a pipe begins with what prints nothing where it fails, and goes on with grep alone. */
export function filtersSilence([first, ...rest]: readonly Node[]): boolean {
  if (first?.kind !== 'simple' || rest.length === 0) return false;
  const printsErrors = first.redirections.some(
    ({ operator, target }) =>
      /^(?:2>|&>)/.test(operator) && writtenOf(target.parts) !== '/dev/null',
  );
  // curl prints what is asked with `-w` in any case.
  const printsMore = first.words.some(({ parts }) =>
    /^-[^-]*w|^--write-out/.test(writtenOf(parts)),
  );
  return !printsErrors && !printsMore && rest.every(isPlainGrep);
}

function isPlainGrep(node: Node): boolean {
  if (node.kind !== 'simple') return false;
  const [program, ...words] = node.words.map(({ parts }) => writtenOf(parts));
  const finds = words.every((word) => !/^(?:-[^-]*[vLx]|--(?:invert|files-without))/.test(word));
  return program === 'grep' && finds;
}
