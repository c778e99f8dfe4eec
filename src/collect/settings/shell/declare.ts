import { assignmentOf } from './assign.ts';
import { type Expanded, isGenerated } from './expand.ts';
import type { Word } from './lex.ts';
import { bare } from './syntax.ts';
import {
  type Call,
  forget,
  noteUnsettled,
  notFollowed,
  perform,
  type Run,
  undecided,
  value,
} from './runtime.ts';

type Kind = 'export' | 'readonly' | 'local' | 'declare';

/** What a declaration says of the variables that it names. */
interface Declaration {
  readonly kind: Kind;
  readonly flags: string;
}

/** `export`, `readonly`, `local`, `declare`. */
export function declaration(kind: Kind): (call: Call, run: Run) => void {
  return ({ command, raw, given }, run) => {
    const flags = flagsIn(given);
    if (/-\w*f/.test(flags)) return;
    // Outside functions it is an error.
    if (kind === 'local' && run.frames.every((frame) => frame.kind === 'loop')) {
      run.state.status = 1;
      return;
    }
    if (/-\w*n/.test(flags) && kind !== 'export') {
      notFollowed(run, command.line, 'a variable is a reference to another variable (nameref)');
      return;
    }
    const declare = () => {
      for (const word of raw.slice(1)) {
        if (!/^[-+]/.test(bare(word) ?? '')) declareOne(word, { kind, flags }, run);
      }
    };
    // `export -n` is bash's.
    if (isOdd(flags) && run.dialect === 'sh') undecided(run, command.line, [declare, () => {}]);
    else declare();
    run.state.status = raw.some(hasCommand) ? undefined : 0;
  };
}

function hasCommand({ parts }: Word): boolean {
  return parts.some(({ kind }) => kind === 'command');
}

function flagsIn(given: readonly Expanded[]): string {
  return given
    .slice(1)
    .flatMap(({ text }) => (/^[-+]./.test(text) ? [text] : []))
    .join('');
}

/** Integers, upper and lower case, and what else changes a value that is given. */
function isOdd(flags: string): boolean {
  return /[-+]\w*[nilucA]/.test(flags);
}

function declareOne(word: Word, declared: Declaration, run: Run): void {
  const name = nameIn(word, run);
  if (name === undefined) {
    notFollowed(run, word.line, 'the name of a variable is not known');
    return;
  }
  const isConverted = converts(declared);
  if (isConverted) noteUnsettled(name, run);
  hideLocal(run, name, declared);
  giveValue(word, name, declared, run);
  if (run.state.variables.has(name) || !run.state.arrays.has(name)) mark(name, declared, run);
  if (isConverted) forget(run, name, word.line);
}

function giveValue(word: Word, name: string, { kind, flags }: Declaration, run: Run): void {
  const assigned = assignmentOf(word, run);
  if (isSplit(word, run) || isGenerated(word.parts)) forget(run, name, word.line);
  else if (assigned !== undefined) perform(run, assigned);
  // dash lets a local variable inherit its value, bash does not.
  else if (kind === 'local' && run.dialect === 'sh') forget(run, name, word.line);
  else if (/-\w*[aA]/.test(flags)) run.state.arrays.set(name, undefined);
}

/** Whether the shell changes from then on what the variable is set to. */
function converts({ kind, flags }: Declaration): boolean {
  return isOdd(flags) && kind !== 'export';
}

function mark(name: string, declared: Declaration, { state }: Run): void {
  const { kind, flags } = declared;
  const isTakenBack = /\+\w*x/.test(flags) || (kind === 'export' && /-\w*n/.test(flags));
  const isExported = kind === 'export' || /-\w*x/.test(flags);
  const before = state.variables.get(name) ?? { isKnown: state.complete, exported: false };
  const isReadonly = kind === 'readonly' || /-\w*r/.test(flags);
  state.variables.set(name, {
    ...before,
    ...((isTakenBack || isExported) && { exported: !isTakenBack }),
    ...(isReadonly && { isReadonly }),
    ...(converts(declared) && { isConverted: true }),
  });
}

/** dash splits what it does not quote behind `export`, bash does not. */
function isSplit(word: Word, run: Run): boolean {
  if (run.dialect === 'bash') return false;
  return word.parts.some((part) => {
    if (part.kind === 'text' || part.quoted) return false;
    return part.kind !== 'variable' || /[\s*?[]/.test(value([part], run, word.line).text);
  });
}

/** Of `NAME=value` and `NAME`. */
function nameIn(word: Word, run: Run): string | undefined {
  const { text, isKnown } = value(word.parts, run, word.line);
  const assigned = assignmentOf(word, run)?.name;
  return assigned ?? (isKnown && /^[A-Za-z_]\w*$/.test(text) ? text : undefined);
}

function hideLocal(run: Run, name: string, { kind, flags }: Declaration): void {
  const locals = run.frames.findLast((each) => each.kind === 'function')?.locals;
  const isLocal = kind === 'local' || (kind === 'declare' && !/-\w*g/.test(flags));
  if (!isLocal || locals === undefined || locals.has(name)) return;
  const before = run.state.variables.get(name);
  locals.set(name, before);
  run.state.variables.set(name, { isKnown: true, exported: before?.exported ?? false });
}
