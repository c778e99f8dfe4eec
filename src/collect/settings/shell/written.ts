import type { TextFile, UnreadText } from '../../../model/draft.ts';
import { mayHoldRequest, mentionsIn } from '../mentions.ts';
import { placeNamed } from '../target-paths.ts';
import { baseName } from '../words.ts';
import { unwrap } from '../wrappers.ts';
import type { HereDocument } from './lex.ts';
import type { Node, Redirection } from './syntax.ts';
import {
  expectedOf,
  type Output,
  placeOf,
  type Run,
  type SimpleCommand,
  unfollowedAt,
  value,
} from './runtime.ts';

/** A piece of text that goes into a file. */
export interface Write {
  readonly path: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly appends: boolean;
  readonly isCertain: boolean;
}

/** A file that a script writes, and where its text is in the script. */
export interface Written extends TextFile {
  /** The script. */
  readonly file: string;
  readonly line: number;
  readonly folded: boolean;
}

/** Where a command's output goes that is redirected; undefined where it is not, or to nowhere. */
export function writesTo(redirections: readonly Redirection[], run: Run): Output | undefined {
  const last = redirections.findLast(({ operator }) => /^1?>[>|]?$|^&>>?$/.test(operator));
  if (last === undefined) return undefined;
  const [target] = expectedOf(last.target, run);
  if (target === undefined || /^\/dev\/(?!shm\/)|^\$\(>/.test(target.text)) return undefined;
  return fileNamed(target.text, last.operator.includes('>>'), run);
}

/** A file by its place; by its name alone where the directory is not known. */
function fileNamed(written: string, appends: boolean, { state: { directory } }: Run): Output {
  const isPlain = directory !== undefined && !/^\/|[$`]/.test(written);
  return { kind: 'file', path: isPlain ? `${directory}/${written}` : written, appends };
}

/** The files that redirections open to write, as `placeNamed` has them. */
export function filesAt(redirections: readonly Redirection[], run: Run): readonly string[] {
  return redirections
    .filter(({ operator }) => /^(?:\d*(?:>[>|]?|<>)|&>>?|>&)$/.test(operator))
    .flatMap(({ target }) => expectedOf(target, run))
    .filter(({ text }) => !isNoFile.test(text))
    .flatMap(({ text }) => placeNamed(text, run.state.directory) ?? []);
}

const isNoFile = /^\/dev\/(?!shm\/)|^\$\(>|^(?:\d+|-)$/;

/** Where what comes out of one end of a pipe ends up. */
export function sinkOf(items: readonly Node[], run: Run): Output | undefined {
  const [next, ...rest] = items;
  if (next === undefined) return undefined;
  if (next.kind !== 'simple') return { kind: 'program', name: next.kind };
  const { program, operands } = programOf(next, run);
  const copies = program === 'cat' && operands.length === 0;
  if (copies) return writesTo(next.redirections, run) ?? sinkOf(rest, run);
  return readerOf(next, run) ?? { kind: 'program', name: program };
}

export interface Program {
  readonly program: string;
  readonly options: readonly string[];
  readonly operands: readonly string[];
  /** Whether none of its words is decided by the running shell. */
  readonly isKnown: boolean;
}

/** What a command comes to, seen through sudo and its like. */
export function programOf({ words }: Pick<SimpleCommand, 'words'>, run: Run): Program {
  const given = words.flatMap((word) => expectedOf(word, run));
  const [first, ...rest] = given;
  const command = unwrap(baseName(first?.text ?? ''), rest)?.command ?? given;
  const [program = '', ...more] = command.map(({ text }) => text);
  return {
    program: baseName(program),
    options: more.filter((word) => word.startsWith('-')),
    operands: more.filter((word) => !word.startsWith('-')),
    isKnown: given.every((word) => word.isKnown),
  };
}

/** Where a program puts what it reads; undefined where that is not known. */
function readerOf(command: Pick<SimpleCommand, 'words'>, run: Run): Output | undefined {
  const { program, options, operands } = programOf(command, run);
  const [first] = operands;
  if (program === 'tee' && first !== undefined) {
    const appends = options.some((word) => /^(?:-[^\Wa]*a\w*|--append)$/.test(word));
    return fileNamed(first, appends, run);
  }
  if (program === 'kubectl' && /^(?:apply|create|replace)$/.test(first ?? '')) {
    return { kind: 'file', path: 'kubectl.yaml', appends: true };
  }
  return undefined;
}

/** Notes what here-documents come to: files, or nothing that is known. */
export function feedDocuments(command: SimpleCommand, run: Run): void {
  const document = command.redirections.findLast((each) => each.document !== undefined)?.document;
  const isFed = document !== undefined && run.silence === 0 && feed(document, command, run);
  if (!isFed && run.output?.kind === 'file') run.opaque.add(run.output.path);
}

/** Whether the text is all that goes into a file. */
function feed(document: HereDocument, command: SimpleCommand, run: Run): boolean {
  const { program, operands } = programOf(command, run);
  const copies = program === 'cat' && operands.length === 0;
  const target = targetOf(copies, command, run);
  const place = placeOf(run.script, document.line);
  if (target?.kind === 'file') {
    const text = documentText(document, run);
    const { path, appends } = target;
    run.writes.push({ path, text, ...place, appends, isCertain: run.condition === undefined });
    return true;
  }
  if (target === undefined && harmlessReader.test(program)) return false;
  const reader = target?.name ?? program;
  const reason = `\`${reader}\` receives this text, and is not followed`;
  passedOn(document.text, reason, command.line, run);
  return false;
}

/** Notes that a text goes to something that is not followed. */
export function passedOn(text: string, reason: string, line: number, run: Run): void {
  const isOfEtcd = mentionsIn(text).length > 0;
  if (!isOfEtcd && !mayHoldRequest(text)) return;
  const doubt = unfollowedAt(run, line, reason);
  if (isOfEtcd) run.doubts.push(doubt);
}

function targetOf(copies: boolean, command: SimpleCommand, run: Run): Output | undefined {
  return copies ? run.output : readerOf(command, run);
}

/** Read here-documents and print them, or let them go. */
const harmlessReader = /^(?:cat|:|true|grep|logger|wall)$/;

/**
 * What a here-document becomes, line for line: a line that the shell joins to the one before keeps its place where
 * the reader of the file joins it too, else an empty line takes it.
 */
function documentText({ text, parts, line }: HereDocument, run: Run): string {
  if (parts === undefined) return text;
  const isUnit = /^\[(?:Service|Container)\]/m.test(text);
  let pending = 0;
  return parts
    .map((part, index) => {
      const isJoin = part.kind === 'text' && part.text === '';
      if (isJoin && isUnit && isBlankAround(parts, index)) return '\\\n';
      if (isJoin) pending += 1;
      const given = value([part], run, line);
      // Readers of the file must see that this is not settled, and not read it as a variable of its own.
      const plain = given.isKnown ? given.text : `$(${given.text.replace(/^\$[{(]?|[)}]$/g, '')})`;
      if (pending === 0 || !plain.includes('\n')) return plain;
      const padded = plain.replace('\n', '\n'.repeat(pending + 1));
      pending = 0;
      return padded;
    })
    .join('');
}

function isBlankAround(parts: NonNullable<HereDocument['parts']>, index: number): boolean {
  const [before, after] = [parts[index - 1], parts[index + 1]];
  return (
    (before?.kind === 'text' && /[ \t]$/.test(before.text)) ||
    (after?.kind === 'text' && /^[ \t]/.test(after.text))
  );
}

/** What the files come to once all was written. */
export function writtenFiles(writes: readonly Write[]): {
  readonly files: readonly Written[];
  readonly doubts: readonly UnreadText[];
} {
  const byPath = new Map<string, Write[]>();
  const doubts: UnreadText[] = [];
  for (const write of writes) {
    const before = byPath.get(write.path) ?? [];
    const replaces = !write.appends && write.isCertain;
    if (!write.isCertain && before.length > 0 && mentionsIn(write.text).length > 0) {
      const reason = `a branch decides whether this goes into ${write.path}`;
      doubts.push({ path: write.file, line: write.line, reason });
    }
    byPath.set(write.path, replaces ? [write] : [...before, write]);
  }
  return { files: [...byPath.values()].flatMap(combined), doubts };
}

/** Pieces that follow each other in the script keep their lines; blank ones fill what is between. */
function combined(writes: readonly Write[]): readonly Written[] {
  const [first] = writes;
  if (first === undefined) return [];
  let text = '';
  let folded = false;
  for (const write of writes) {
    const gap = write.line - first.line - (text.split('\n').length - 1);
    folded ||= gap < 0 || write.file !== first.file;
    text += '\n'.repeat(Math.max(0, gap)) + write.text;
  }
  const { path, file, line } = first;
  return [{ path, text, file, line, folded }];
}
