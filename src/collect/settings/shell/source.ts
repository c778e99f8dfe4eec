import { isOfInitScripts, isOfInterest } from '../programs.ts';
import { mayBeSetAgain } from '../unread-at.ts';
import { targetsOf } from '../write-targets.ts';
import { baseName } from '../words.ts';
import { pathInHome } from './home.ts';
import type { Script } from './run.ts';
import { type Call, type Frame, notFollowed, placeOf, type Run } from './runtime.ts';
import { scriptWritten } from './scripts.ts';
import { become, costOf, join, unknownValue } from './state.ts';
import { writtenFiles } from './written.ts';

/** What a file holds that this shell has written; `path` tells it from others. */
function writtenInShell(path: string, run: Run) {
  const { files } = writtenFiles(run.writes);
  const others = run.commands.flatMap(({ words: [program, ...words], directory }) =>
    targetsOf({ program: baseName(program?.text ?? ''), words, directory }),
  );
  return scriptWritten(path, run.state.directory, { ...run, written: files }, others);
}

/** Files that source files that source files. */
export const deepestSource = 5;

/** `.` and `source` */
export function source({ command, given }: Call, run: Run): void {
  const [, operand, ...more] = given;
  if (operand === undefined) return;
  const place = { line: command.line, hasWords: more.length > 0 };
  const path = operand.isKnown ? operand.text : pathInHome(operand.text, run);
  if (path !== undefined) readParts(path, place, run);
  else notFollowed(run, command.line, 'the name of the file read here is not known');
}

interface Place {
  readonly line: number;
  /** Whether words follow the name of the file. */
  readonly hasWords: boolean;
}

/** Reads a file as a part of the script. */
export function readParts(path: string, place: Place, run: Run): void {
  const script = scriptNamed(path, run);
  if (script === undefined) {
    if (run.silence === 0) run.missing.add(path);
    // Of what that file sets nothing is known.
    run.state.complete = false;
    run.state.directory = undefined;
    run.state.status = undefined;
    if (!isOfInitScripts(path)) forgetSet(path, run);
  } else if ('reason' in script) notFollowed(run, place.line, script.reason);
  else sourceFile(script, place, run);
}

/** A file that was not given may set anything again; what names a program that is known is taken to go on doing so. */
function forgetSet(path: string, run: Run): void {
  const { variables, arrays } = run.state;
  run.steps -= costOf(run.state);
  const doubt = mayBeSetAgain(path);
  for (const [name, variable] of variables) {
    const { value, isKnown, isReadonly, exported, location } = variable;
    const isProgram = isOfInterest({ program: baseName(value ?? ''), words: [] });
    if (value === undefined || !isKnown || isReadonly === true || isProgram) continue;
    variables.set(name, {
      ...unknownValue(name, doubt),
      exported,
      ...(location && { location }),
    });
  }
  for (const name of arrays.keys()) arrays.set(name, undefined);
}

type Found = Script | { readonly reason: string } | undefined;

/** What is at a path: what this shell has written there, else the given file; undefined where none was given. */
function scriptNamed(path: string, run: Run): Found {
  const own = writtenInShell(path, run);
  if (own === 'unknown') return { reason: `what \`${path}\` holds is written before it is read` };
  const script = own ?? givenScript(path, run);
  const isTooDeep = run.calls >= deepestSource;
  if (!isTooDeep || script === undefined || 'reason' in script) return script;
  return { reason: `\`${script.file}\` is sourced through too many files` };
}

function givenScript(path: string, run: Run): Found {
  const given = run.start.find?.(path);
  if (given === undefined) return undefined;
  const { path: file, text } = given;
  if (run.silence === 0) run.read.add(file);
  return run.sourcing.includes(file)
    ? { reason: `\`${file}\` reads itself again` }
    : { text, file, line: 1 };
}

function sourceFile(script: Script, { line, hasWords }: Place, run: Run): void {
  const { positional } = run.state;
  // bash passes the file the words after its name, dash does not.
  if (hasWords) run.state.positional = undefined;
  const { sourcing } = run;
  run.sourcing = [...sourcing, script.file];
  sourced(run, line, () => run.runScript(script, run));
  run.sourcing = sourcing;
  if (hasWords || run.state.positional !== positional) run.state.positional = undefined;
}

/** Runs a file, which `return` leaves. */
function sourced(run: Run, line: number, body: () => void): void {
  const { frames } = run;
  const frame: Frame = { kind: 'function', exits: [], continues: [] };
  run.frames = [frame];
  run.calls += 1;
  body();
  run.calls -= 1;
  run.frames = frames;
  const doubt = `line ${placeOf(run.script, line).line} decides its value`;
  for (const state of frame.exits) {
    become(run.state, join(run.state, { ...state, ended: false }, doubt));
  }
}
