import { publicText } from '../model/public-text.ts';
import { ignoreClosedPipe } from './closed-pipe.ts';
import { printable, printableLines } from '../report/escape.ts';

const screen = { isOpen: false };

/** The terminal, for what draws on it and escapes what it draws; opened once there is something to say. */
export function errorScreen(): NodeJS.WriteStream {
  // Where what goes wrong cannot be printed, the exit code still says it.
  if (!screen.isOpen) ignoreClosedPipe(process.stderr, () => undefined);
  screen.isOpen = true;
  return process.stderr;
}

/** Longer than any trace that says something. */
const mostCharacters = 20_000;

/**
 * Prints one line for the operator. Names of files and options, and what libraries say of them, may
 * hold anything: control characters are shown as escapes, passwords and keys are withheld.
 */
export function tell(line: string): void {
  errorScreen().write(`${printable(publicText(line), mostCharacters)}\n`);
}

/** The same for text that has lines of its own, such as a trace. */
export function tellLines(text: string): void {
  errorScreen().write(`${printableLines(publicText(text), mostCharacters).join('\n')}\n`);
}
