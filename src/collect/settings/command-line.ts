import type { TextFile } from '../../model/draft.ts';
import type { EnvironmentVariable, LocatedText } from '../../model/settings.ts';
import { expand, readEnvironmentFile } from './environment-file.ts';
import { emptyProcess, type Process } from './process.ts';
import { ofInterest, programOf } from './programs.ts';
import { lineAt, locatedWords, logicalLines, type LogicalLine } from './words.ts';

/**
 * The processes of a text of command lines. Lines of flags alone, be they items of a list or lines of a
 * help text (`--flag="value": what it is for`), make up one process without a program.
 */
function processesInCommandLines({ path, text }: TextFile): readonly Process[] {
  const loose: LocatedText[] = [];
  const processes: Process[] = [];
  for (const line of logicalLines(text, /^\s*#/)) {
    if (isFlags(line)) {
      loose.push(...flagsOf(path, line));
      continue;
    }
    const words = locatedWords(path, line, 'shell');
    const found = programOf(words);
    if (found.program === undefined || !ofInterest.test(found.program)) continue;
    const origin = { file: path, line: lineAt(line, 0) };
    processes.push({
      ...emptyProcess('command-line', origin),
      program: found.program,
      words: found.words,
    });
  }
  if (loose.length === 0) return processes;

  const origin = loose[0]?.location ?? { file: path };
  return [...processes, { ...emptyProcess('command-line', origin), words: loose, partial: true }];
}

/**
 * The processes of a script or a file of variables: its commands with the variables set in it, or, where
 * no command of interest stands in it, the variables alone for whatever reads them.
 */
export function processesInScript(file: TextFile): readonly Process[] {
  const variables = readEnvironmentFile(file);
  const commands = processesInCommandLines(file);
  if (commands.length > 0) {
    return commands.map((command) => ({
      ...command,
      variables,
      words: command.words.flatMap((word) => expandWord(word, variables)),
    }));
  }

  const origin = variables[0]?.location ?? { file: file.path };
  return [{ ...emptyProcess('environment-file', origin), variables }];
}

/** A word that is nothing but an unknown variable may be any number of words: it is left out. */
function expandWord(
  word: LocatedText,
  variables: readonly EnvironmentVariable[],
): readonly LocatedText[] {
  const text = expand(word.text, variables);
  return /^\$(?:[@*]|\w+|\{\w+\})$/.test(text) ? [] : [{ ...word, text }];
}

function isFlags({ text }: LogicalLine): boolean {
  return /^\s*(?:-\s+)?["']?--?[a-z]/.test(text);
}

function flagsOf(path: string, line: LogicalLine): readonly LocatedText[] {
  const text = line.text.replace(/^(\s*)-(?=\s+["']?-)/, '$1 ');
  const [first, ...rest] = locatedWords(path, { ...line, text }, 'shell');
  if (first === undefined) return [];
  // A colon after the first word: the rest says what the flag is for.
  return first.text.endsWith(':')
    ? [{ ...first, text: first.text.slice(0, -1) }]
    : [first, ...rest];
}
