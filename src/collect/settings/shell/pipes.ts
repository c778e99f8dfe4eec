import { bare, type Node } from './syntax.ts';
import type { Run } from './runtime.ts';
import type { State } from './state.ts';
import { type Program, programOf } from './written.ts';

/** The last command of a pipe counts; with `pipefail` any that failed. */
export function statusOfPipe(
  statuses: readonly (number | undefined)[],
  pipefail: State['pipefail'],
): number | undefined {
  const last = statuses.at(-1);
  const hasFailed = statuses.some((status) => status !== undefined && status !== 0);
  const haveAllPassed = statuses.every((status) => status === 0);
  if (pipefail === false || haveAllPassed) return last;
  if (hasFailed && pipefail === true) return 1;
  return hasFailed && last !== 0 ? last : undefined;
}

/** The program of a command that no function of the script stands for. */
function programIn(node: Node, run: Run): Program | undefined {
  if (node.kind !== 'simple') return undefined;
  const found = programOf(node, run);
  return run.state.functions.has(found.program) ? undefined : found;
}

/** How a command of a pipe has ended; a filter that reads nothing in a way that is known. */
export function endInPipe(
  node: Node,
  before: { readonly hasAssumed: boolean; readonly readsNothing: boolean },
  run: Run,
): End {
  const { status, hasAssumed } = run.state;
  const filtered = before.readsNothing ? endOfNothing(node, run) : undefined;
  if (filtered !== undefined) return filtered;
  const hasFailed = hasAssumed && !before.hasAssumed && status !== undefined && status !== 0;
  return { status, printsNothing: hasFailed && isSilentFailure(node, run) };
}

/** Whether a request that fails prints nothing: curl prints what is asked with `-w`, and errors where they are sent. */
function isSilentFailure(node: Node, run: Run): boolean {
  const found = programIn(node, run);
  if (found === undefined || node.kind !== 'simple') return false;
  const { program, options, operands } = found;
  const prints = printsInAnyCase.get(program);
  const asksOnce = operands.filter((word) => word.includes('://')).length < 2;
  const printsErrors = node.redirections.some(
    ({ operator, target }) => /^(?:2>|&>)/.test(operator) && bare(target) !== '/dev/null',
  );
  return (
    prints !== undefined && asksOnce && !printsErrors && !options.some((it) => prints.test(it))
  );
}

const printsInAnyCase: ReadonlyMap<string, RegExp> = new Map([
  ['curl', /^-[^-]*w|^--(?:write-out|fail-with-body|stderr|trace)/],
  ['wget', /^-[^-]*[oa]|^--(?:output-file|append-output)/],
]);

interface End {
  readonly status: number | undefined;
  readonly printsNothing: boolean;
}

/** How a filter ends that reads nothing; undefined where that is not known, or where it reads something else. */
function endOfNothing(node: Node, run: Run): End | undefined {
  const found = programIn(node, run);
  const isFed =
    node.kind === 'simple' && node.redirections.some(({ operator }) => operator.includes('<'));
  return found?.isKnown !== true || isFed ? undefined : filters.get(found.program)?.(found);
}

/** grep ends with 1 where it finds nothing (grep(1)), the others with 0. */
const filters: ReadonlyMap<string, (program: Program) => End | undefined> = new Map([
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
  ['jq', jq],
  ['tee', tee],
  ['cat', cat],
  ['head', head],
  ['tail', head],
]);

function grep({ options, operands }: Program): End | undefined {
  const isPlain = options.every((option) =>
    /^-[qisvEFGPwxonhaz]+$|^-[ABCm]\d+$|^--(?:quiet|silent|ignore-case|word-regexp|line-regexp|only-matching|invert-match|(?:extended|fixed)-(?:regexp|strings))$/.test(
      option,
    ),
  );
  return isPlain && operands.length === 1 ? { status: 1, printsNothing: true } : undefined;
}

function jq({ options, operands }: Program): End | undefined {
  const isPlain = options.every((option) =>
    /^-[ercMCajS]+$|^--(?:exit-status|raw-output|compact-output)$/.test(option),
  );
  if (!isPlain || operands.length > 1) return undefined;
  const isAsked = options.some((option) => /^-[^-]*e|^--exit-status$/.test(option));
  // Releases before 1.7 end with 0 under `-e` too, later ones with 4.
  return { status: isAsked ? undefined : 0, printsNothing: true };
}

function tee({ options }: Program): End | undefined {
  const isPlain = options.every((option) =>
    /^-[ai]+$|^--(?:append|ignore-interrupts)$/.test(option),
  );
  return isPlain ? { status: 0, printsNothing: true } : undefined;
}

function cat({ options, operands }: Program): End | undefined {
  const isPlain = options.every((option) => /^-[AbeEnstTuv]*$/.test(option));
  return isPlain && operands.length === 0 ? { status: 0, printsNothing: true } : undefined;
}

/** `-n 1`: a number is no file. */
function head({ options, operands }: Program): End | undefined {
  const isPlain = options.every((option) => /^-(?:[nc]?\d+|[nc])$/.test(option));
  const readsFile = operands.some((operand) => !/^\d+$/.test(operand));
  return isPlain && !readsFile ? { status: 0, printsNothing: true } : undefined;
}
