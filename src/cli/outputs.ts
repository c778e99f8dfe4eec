import { InputError, namedPath } from '../input-error.ts';
import type { Report } from '../model/report.ts';
import { type Format, formats, render } from '../report/index.ts';
import type { Style } from '../report/style.ts';
import type { OptionReader } from './read-options.ts';
import { withRelativePaths } from './relative-paths.ts';

/** A format and the file it goes to; standard output where none is named. */
export interface Output {
  readonly format: Format;
  readonly file?: string;
}

/** The outputs that `--report` asks for; text on standard output by default. */
export function readOutputs(options: OptionReader): readonly Output[] {
  const asked = options.list('report').map(readOutput);
  const onStdout = asked.filter(({ file }) => file === undefined);
  if (onStdout.length > 1) {
    throw new InputError('OPTION_INVALID', 'only one report can go to standard output', {
      hint: 'give the others a file: --report json=report.json',
    });
  }
  const targets = [...asked.flatMap(({ file }) => file ?? []), options.text('saveEvidence')];
  const twice = targets.find((file, index) => file !== undefined && targets.indexOf(file) < index);
  if (twice !== undefined) {
    throw new InputError('OPTION_INVALID', `two outputs go to ${twice}`, {
      hint: 'give each a file of its own',
    });
  }
  return asked.length === 0 ? [{ format: 'text' }] : asked;
}

function readOutput(text: string): Output {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  const format = formats.find((candidate) => candidate === name);
  if (format === undefined) {
    throw new InputError('OPTION_INVALID', `unknown report format "${name}"`, {
      hint: `use one of ${formats.join(', ')}`,
    });
  }
  if (at < 0) return { format };
  const file = namedPath(text.slice(at + 1));
  return file === '-' ? { format } : { format, file };
}

/** Renders the report in every format asked for. Files appear whole or not at all. */
export async function writeOutputs(
  outputs: readonly Output[],
  report: Report,
  options: OptionReader,
  paths: readonly string[] = [],
): Promise<void> {
  for (const { format, file } of outputs) {
    const shown = format === 'text' ? withRelativePaths(report, paths, process.cwd()) : report;
    const text = await render(format, shown, styleFor(file, options));
    if (file === undefined) process.stdout.write(text);
    else await writeFile(file, text);
  }
}

async function writeFile(file: string, text: string): Promise<void> {
  const { writeWhole } = await import('./write-file.ts');
  await writeWhole(file, text);
}

/** Columns of standard output; 80 where it is no terminal. */
export function screenWidth(): number {
  return process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns, 120)) : 80;
}

/** The style of a report by its destination: a file, a pipe or a terminal. */
export function styleFor(file: string | undefined, options: OptionReader): Style {
  const isTerminal = file === undefined && process.stdout.isTTY;
  return {
    color: file === undefined && wantsColor(options, process.stdout),
    width: isTerminal ? screenWidth() : 80,
    verbose: options.flag('verbose'),
    quiet: options.flag('quiet'),
  };
}

/** `--color`, then NO_COLOR, then FORCE_COLOR, then whether standard output is a terminal. */
export function wantsColor(options: OptionReader, stream: { readonly isTTY?: boolean }): boolean {
  const choice = options.choice('color', ['auto', 'always', 'never']) ?? 'auto';
  if (choice !== 'auto') return choice === 'always';
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return stream.isTTY === true && TERM !== 'dumb';
}
