import { targetsOf } from '../write-targets.ts';
import { baseName } from '../words.ts';
import type { Script } from './run.ts';
import { type Call, type Frame, notFollowed, placeOf, type Run } from './runtime.ts';
import { scriptWritten } from './scripts.ts';
import { become, join } from './state.ts';
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
  if (operand.isKnown) readParts(operand.text, scriptNamed(operand.text, run), place, run);
  else notFollowed(run, command.line, 'the name of the file read here is not known');
}

/** Reads the files that a login shell reads before its script (bash(1), dash(1)). */
export function readProfiles(run: Run): void {
  const home = homeOf(run);
  const all = [...(run.dialect === 'bash' ? ofBash : []), '.profile'].map(
    (name) => `${home}/${name}`,
  );
  const [own = ''] = all.filter((path) => run.start.find?.(path) !== undefined);
  for (const path of ['/etc/profile', own === '' ? (all[0] ?? own) : own]) {
    readParts(path, scriptNamed(path, run), { line: 1, hasWords: false }, run);
  }
}

/** Of these and `.profile`, bash reads the first that is there. */
const ofBash = ['.bash_profile', '.bash_login'];

function homeOf({ state }: Run): string {
  const home = state.variables.get('HOME');
  return home?.isKnown === true && home.value !== undefined ? home.value : '~';
}

interface Place {
  readonly line: number;
  /** Whether words follow the name of the file. */
  readonly hasWords: boolean;
}

function readParts(path: string, script: Found, place: Place, run: Run): void {
  if (script === undefined) {
    if (run.silence === 0) run.missing.add(path);
    // Of what that file sets nothing is known.
    run.state.complete = false;
    run.state.directory = undefined;
    run.state.status = undefined;
  } else if ('reason' in script) notFollowed(run, place.line, script.reason);
  else sourceFile(script, place, run);
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
