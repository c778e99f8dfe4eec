import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../../model/settings.ts';
import { expandWord, type ShellState, type Variable } from './expand.ts';
import { type Token, tokensOf } from './lex.ts';
import { expansionBudget } from '../expansion-budget.ts';

/** A script and where it is written. */
export interface Script {
  readonly text: string;
  readonly file: string;
  /** The line of `file` on which the text begins; a script folded into one line has them all there. */
  readonly line: number;
  readonly folded?: boolean;
}

/** What a script is started with. */
export interface ShellStart {
  readonly environment: readonly EnvironmentVariable[];
  /** Whether that is the whole environment, so that what is not in it is empty. */
  readonly complete: boolean;
  readonly positional?: readonly LocatedText[];
  readonly hostname?: string;
  /** Finds files that the script reads with `.` or `source`. */
  readonly find?: (path: string) => TextFile | undefined;
}

/** A simple command, and the environment that it is given. */
export interface ShellCommand {
  readonly words: readonly LocatedText[];
  readonly variables: readonly EnvironmentVariable[];
}

export interface ShellReading {
  readonly commands: readonly ShellCommand[];
  /** What the script leaves set, whether exported or not. */
  readonly variables: readonly EnvironmentVariable[];
  /** Files that it writes with here-documents, by their paths as deployed. */
  readonly written: readonly (TextFile & { readonly line: number })[];
  /** Files that it reads settings from. */
  readonly read: readonly string[];
  readonly missing: readonly string[];
}

/** Files may source each other in a circle. */
const deepestSource = 5;

/** Reads a script as sh would run it, every branch as if taken, without running anything. */
export function readShell(script: Script, start: ShellStart): ShellReading {
  const run: Run = {
    start,
    state: {
      variables: new Map(
        start.environment.map(({ name, value, location }) => [
          name,
          { value, exported: true, ...(location && { location }) },
        ]),
      ),
      arrays: new Map(),
      budget: expansionBudget(),
      complete: start.complete,
      positional: start.positional,
      hostname: start.hostname,
    },
    exportsAll: false,
    depth: 0,
    commands: [],
    written: [],
    read: [],
    missing: [],
  };
  runScript(script, run, 0);
  return { ...run, variables: listed(run.state.variables, () => true) };
}

interface Run {
  readonly start: ShellStart;
  readonly state: ShellState;
  exportsAll: boolean;
  /** How many `if`, `for`, `while` and `case` are around the command being read. */
  depth: number;
  readonly commands: ShellCommand[];
  readonly written: (TextFile & { readonly line: number })[];
  readonly read: string[];
  readonly missing: string[];
}

function listed(
  variables: ReadonlyMap<string, Variable>,
  isWanted: (variable: Variable) => boolean,
): readonly EnvironmentVariable[] {
  return [...variables]
    .filter(([, variable]) => isWanted(variable))
    .map(([name, { value, location }]) => ({ name, value, ...(location && { location }) }));
}

/** The tokens of one command, redirections apart. */
interface RawCommand {
  readonly words: Extract<Token, { kind: 'word' }>[];
  writesTo?: Extract<Token, { kind: 'word' }> | undefined;
  takesDocument: boolean;
}

function runScript(script: Script, run: Run, nesting: number): void {
  let command: RawCommand = { words: [], takesDocument: false };
  // Here-documents follow the line on which they are announced.
  let reader: RawCommand | undefined;
  let redirection: string | undefined;
  for (const token of [...tokensOf(script.text), end]) {
    if (token.kind === 'here-document') {
      if (reader !== undefined) writeDocument(script, reader, token, run);
      reader = undefined;
    } else if (token.kind === 'word') {
      addWord(command, token, redirection);
      redirection = undefined;
    } else if (/[<>]/.test(token.text)) {
      redirection = token.text;
      command.takesDocument ||= /<<-?$/.test(token.text);
    } else {
      redirection = undefined;
      if (reader !== undefined) adoptTarget(reader, command);
      reader = command.takesDocument ? command : reader;
      runCommand(script, command, run, nesting);
      command = { words: [], takesDocument: false };
    }
  }
}

function addWord(
  command: RawCommand,
  word: Extract<Token, { kind: 'word' }>,
  redirection: string | undefined,
): void {
  if (redirection === undefined) command.words.push(word);
  else if (/^\d*>[>|]?$|^&>>?$/.test(redirection)) command.writesTo = word;
}

const end: Token = { kind: 'operator', text: '\n', line: 0 };

/** `cat <<EOF | sudo tee FILE`: the document goes where the end of the pipe writes. */
function adoptTarget(reader: RawCommand, command: RawCommand): void {
  const names = command.words.map(({ parts }) =>
    parts.map((part) => ('text' in part ? part.text : '')).join(''),
  );
  const tee = names.findIndex((name) => /(?:^|\/)tee$/.test(name));
  const target = command.words
    .slice(tee + 1)
    .find((_, index) => names[tee + 1 + index]?.startsWith('-') === false);
  if (tee >= 0 && target !== undefined) reader.writesTo = target;
}

function writeDocument(
  script: Script,
  { writesTo, words }: RawCommand,
  { text, line }: Extract<Token, { kind: 'here-document' }>,
  run: Run,
): void {
  const target = writesTo ?? teeTarget(words);
  if (target === undefined) return;
  const [path] = expandWord(target, run.state, placeOf(script, target.line));
  if (path === undefined) return;
  run.written.push({ path: path.text, text, line: lineOf(script, line) });
}

function teeTarget(words: RawCommand['words']) {
  const command: RawCommand = { words: [], takesDocument: true };
  adoptTarget(command, { words, takesDocument: false });
  return command.writesTo;
}

function lineOf({ line, folded }: Script, offset: number): number {
  return folded === true ? line : line + offset - 1;
}

function placeOf(script: Script, line: number) {
  return { file: script.file, line: lineOf(script, line) };
}

const opening = /^(?:if|for|while|until|case|select)$/;
const closing = /^(?:fi|done|esac)$/;
/** Words that stand before a command without being part of it. */
const reserved = /^(?:if|then|elif|else|fi|do|done|while|until|esac|[!{}]|time)$/;

/** What is left of a command without the words of compound commands that stand before it. */
function afterReserved(words: RawCommand['words'], run: Run): RawCommand['words'] {
  const [first, ...rest] = words;
  const word = bare(first) ?? '';
  if (opening.test(word)) run.depth += 1;
  if (closing.test(word)) run.depth -= 1;
  // `for` and `case` are followed by a name, not by a command.
  if (opening.test(word) && !reserved.test(word)) return [];
  return reserved.test(word) ? afterReserved(rest, run) : words;
}

function runCommand(script: Script, { words }: RawCommand, run: Run, nesting: number): void {
  const rest = afterReserved(words, run);
  const assigned = assignmentsIn(script, rest, run);
  const left = rest.slice(assigned.length);
  if (left.length === 0) {
    for (const { name, value, location, adds } of assigned)
      assign(run, { name, value, location, adds });
    return;
  }
  const expanded = left.flatMap((word) => expandWord(word, run.state, placeOf(script, word.line)));
  const builtin = builtins.get(expanded[0]?.text ?? '');
  if (builtin !== undefined) {
    builtin({ script, words: expanded, raw: left, run, nesting });
    return;
  }
  run.commands.push({
    words: expanded,
    variables: [
      ...listed(run.state.variables, ({ exported }) => exported),
      ...assigned.map(({ name, value, location }) => ({ name, value, location })),
    ],
  });
}

function bare(word: RawCommand['words'][number] | undefined): string | undefined {
  const [part, ...more] = word?.parts ?? [];
  if (part?.kind !== 'text' || more.some((each) => each.kind !== 'text' || each.quoted))
    return undefined;
  return [part, ...more].map((each) => ('text' in each ? each.text : '')).join('');
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly location: { readonly file: string; readonly line: number };
  readonly adds: boolean;
}

/** The assignments that a command begins with; arrays are kept apart. */
function assignmentsIn(
  script: Script,
  words: RawCommand['words'],
  run: Run,
): readonly Assignment[] {
  const found: Assignment[] = [];
  for (const word of words) {
    const [, name, plus] = /^([A-Za-z_]\w*)(\+?)=/.exec(leadingText(word)) ?? [];
    if (name === undefined) break;
    const location = sourceOf(word, run) ?? placeOf(script, word.line);
    const quotedAll = { ...word, parts: word.parts.map((part) => ({ ...part, quoted: true })) };
    const text = expandWord(quotedAll, run.state, location)[0]?.text ?? '';
    found.push({ name, value: text.slice(text.indexOf('=') + 1), location, adds: plus === '+' });
  }
  return found;
}

/** `NAME="$OTHER"` says what is said where OTHER is set. */
function sourceOf({ parts }: RawCommand['words'][number], { state }: Run) {
  const [only, ...more] = parts.slice(1).filter((part) => part.kind !== 'text' || part.text !== '');
  if (only?.kind !== 'variable' || more.length > 0) return undefined;
  const location = state.variables.get(only.name)?.location;
  return location?.line === undefined ? undefined : { file: location.file, line: location.line };
}

function leadingText({ parts }: RawCommand['words'][number]): string {
  const [first] = parts;
  if (first?.kind !== 'text' || first.quoted) return '';
  return parts.map((part) => (part.kind === 'text' ? part.text : ' ')).join('');
}

function assign(run: Run, assignment: Assignment, exported = run.exportsAll): void {
  const { name, value, location, adds } = assignment;
  if (/^\(.*\)$/s.test(value)) {
    assignArray(run, assignment);
    return;
  }
  const before = run.state.variables.get(name);
  run.state.variables.set(name, {
    value: adds ? `${before?.value ?? ''}${value}` : value,
    exported: exported || before?.exported === true,
    location,
    ...(isConditional(run, before, value) && { conditional: true }),
  });
}

/** Whether a branch gives the variable a value that it may not have. */
function isConditional(
  { depth, start }: Run,
  before: Variable | undefined,
  value: string,
): boolean {
  if (depth === 0 || before?.value === value) return false;
  return before !== undefined || !start.complete;
}

function assignArray({ state }: Run, { name, value, location, adds }: Assignment): void {
  const elements = tokensOf(value.slice(1, -1)).flatMap((token) =>
    token.kind === 'word'
      ? expandWord(token, state, { ...location, line: location.line + token.line - 1 })
      : [],
  );
  state.arrays.set(name, adds ? [...(state.arrays.get(name) ?? []), ...elements] : elements);
}

interface Call {
  readonly script: Script;
  readonly words: readonly LocatedText[];
  /** The words before they were expanded. */
  readonly raw: RawCommand['words'];
  readonly run: Run;
  readonly nesting: number;
}

function declaration({ script, words, raw, run }: Call): void {
  const isExport = words.some(({ text }, at) => text === (at === 0 ? 'export' : '-x'));
  declare(script, raw.slice(1), isExport, run);
}

function dot({ words, run, nesting }: Call): void {
  const path = words[1]?.text;
  if (path !== undefined) source(path, run, nesting);
}

/** Commands that change what later ones are given. */
const builtins: ReadonlyMap<string, (call: Call) => void> = new Map([
  ['export', declaration],
  ['declare', declaration],
  ['typeset', declaration],
  ['readonly', declaration],
  ['local', declaration],
  ['unset', ({ words, run }) => words.forEach(({ text }) => run.state.variables.delete(text))],
  ['set', ({ words, run }) => set(words.slice(1), run)],
  ['.', dot],
  ['source', dot],
]);

function declare(script: Script, words: RawCommand['words'], exported: boolean, run: Run): void {
  // `export -n NAME` and `declare +x NAME` keep a variable from later commands.
  const isTakenBack = words.some((word) => /^(?:-\w*n\w*|\+\w*x\w*)$/.test(bare(word) ?? ''));
  for (const word of words) {
    const [assignment] = assignmentsIn(script, [word], run);
    if (assignment !== undefined) {
      assign(run, assignment, exported || run.exportsAll);
      continue;
    }
    const name = bare(word) ?? '';
    const known = run.state.variables.get(name);
    if (known === undefined) continue;
    if (isTakenBack) run.state.variables.set(name, { ...known, exported: false });
    else if (exported) run.state.variables.set(name, { ...known, exported });
  }
}

function set(words: readonly LocatedText[], run: Run): void {
  const texts = words.map(({ text }) => text);
  if (
    texts.some(
      (text, index) => /^-\w*a/.test(text) || (text === 'allexport' && texts[index - 1] === '-o'),
    )
  ) {
    run.exportsAll = true;
  }
  if (
    texts.some(
      (text, index) => /^\+\w*a/.test(text) || (text === 'allexport' && texts[index - 1] === '+o'),
    )
  ) {
    run.exportsAll = false;
  }
  const dashes = texts.indexOf('--');
  if (dashes >= 0) run.state.positional = words.slice(dashes + 1);
}

function source(path: string, run: Run, nesting: number): void {
  const file = nesting < deepestSource ? run.start.find?.(path) : undefined;
  if (file === undefined) {
    run.missing.push(path);
    return;
  }
  run.read.push(file.path);
  const { depth } = run;
  run.depth = 0;
  runScript({ text: file.text, file: file.path, line: 1 }, run, nesting + 1);
  run.depth = depth;
}
