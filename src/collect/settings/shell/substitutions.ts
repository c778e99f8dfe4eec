import { mayHoldRequest, mentionsIn } from '../mentions.ts';
import type { Part } from './lex.ts';
import { expansionsIn, isArrayText } from './parts.ts';
import {
  deepestCall,
  noteUnsettled,
  notFollowed,
  placeOf,
  type Run,
  undecided,
  unfollowedAt,
} from './runtime.ts';
import { inSubshell } from './subshell.ts';

/** Commands within the words of a command run before it. */
export function runSubstitutions(parts: readonly Part[], line: number, run: Run): void {
  for (const part of parts) {
    if (part.kind === 'command') substitute(part, run);
    else if (part.kind !== 'text') compose(part, line, run);
    else if (isArrayText(part)) within(part, line, run);
  }
}

function within(part: Part, line: number, run: Run): void {
  if (run.calls >= deepestCall) {
    return tooDeep(part.kind === 'text' ? part.text : part.written, line, run);
  }
  run.calls += 1;
  runSubstitutions(expansionsIn(part, line), line, run);
  run.calls -= 1;
}

/** What is not followed may be a client of etcd, which is then named. */
function tooDeep(text: string, line: number, run: Run): void {
  const reason = 'commands within words are nested too deeply';
  notFollowed(run, line, reason);
  if (mentionsIn(text).length > 0 || mayHoldRequest(text)) {
    run.doubts.push(unfollowedAt(run, line, reason));
  }
}

/** What is computed of other expansions is not followed, but what they run is. */
function compose(
  part: Extract<Part, { kind: 'variable' | 'unknown' }>,
  line: number,
  run: Run,
): void {
  if (part.kind === 'variable' && part.operand === '' && part.name !== 'PIPESTATUS') return;
  noteUnsettled(part.written, run);
  if (!/\(|`/.test(part.written)) return;
  const inside = () => within(part, line, run);
  const { status } = run.state;
  if (part.kind === 'variable') {
    undecided(run, line, [
      inside,
      () => {
        run.state.status = 0;
      },
    ]);
  } else if (/^[<>]/.test(part.written)) {
    inSubshell(run, inside, true);
    run.state.status = status;
  } else inside();
}

/** `$(command)` runs in a shell of its own. */
function substitute(part: Extract<Part, { kind: 'command' }>, run: Run): void {
  const { script } = run;
  if (run.calls >= deepestCall) {
    return tooDeep(part.script, part.line, run);
  }
  const { line } = placeOf(script, part.line);
  const { output, isRead } = run;
  run.output = undefined;
  run.isRead = true;
  run.calls += 1;
  inSubshell(run, () => {
    const { folded } = script;
    // bash goes on in there, other shells do not.
    if (run.state.errexit !== false) {
      run.state.errexit = run.dialect === 'bash' ? false : 'maybe';
    }
    run.runScript({ text: part.script, file: script.file, line, ...(folded && { folded }) }, run);
  });
  run.calls -= 1;
  run.output = output;
  run.isRead = isRead;
}
