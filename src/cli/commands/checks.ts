import { catalogue as checks } from '../../checks/index.ts';
import type { CheckMetadata } from '../../model/check.ts';
import { checkPage } from '../../report/check-page.ts';
import { jsonText } from '../../report/escape.ts';
import { checkNamed } from '../check-named.ts';
import { wrap } from '../../report/layout.ts';
import { exitCodes } from '../exit-code.ts';
import { screenWidth } from '../outputs.ts';
import { InputError } from '../../input-error.ts';
import { flagOf, OptionReader } from '../read-options.ts';
import { readStandard } from '../standard.ts';

/** Prints the catalogue, or the page of one check. */
export function listChecks(id: string | undefined, values: object): number {
  const options = new OptionReader(values);
  const isJson = options.choice('report', ['text', 'json']) === 'json';
  if (id === undefined) {
    const listed = selected(options);
    process.stdout.write(isJson ? json(listed.map(metadataOf)) : catalogue(listed));
  } else {
    for (const name of ['severity', 'standard']) refuseWithId(name, options);
    const check = checkNamed(id);
    process.stdout.write(isJson ? json(metadataOf(check)) : wrapped(checkPage(check)));
  }
  return exitCodes.pass;
}

function refuseWithId(name: string, options: OptionReader): void {
  if (!options.isGiven(name)) return;
  throw new InputError('OPTION_INVALID', `${flagOf(name)} has no effect with the id of a check`, {
    hint: 'omit one of them',
  });
}

/** Markdown that fits the screen; what belongs to an item of a list stays below its text. */
function wrapped(page: string): string {
  const lines = page.split('\n').flatMap((line) => {
    const [, mark = '', text = ''] = /^(- )?(.*)$/s.exec(line) ?? [];
    if (!text.includes(' ')) return [line]; // an address stays whole, to be copied
    const indent = ' '.repeat(mark.length);
    const [first = '', ...rest] = wrap(text, screenWidth() - mark.length);
    return [`${mark}${first}`, ...rest.map((more) => `${indent}${more}`)];
  });
  return `${lines.join('\n')}\n`;
}

function json(value: unknown): string {
  return jsonText(value);
}

function metadataOf(check: CheckMetadata) {
  const { id, title, severity, rationale, remediation, references, standards } = check;
  return { id, title, severity, rationale, remediation, references, standards };
}

function selected(options: OptionReader): readonly CheckMetadata[] {
  const severity = options.severity('severity');
  const standard = readStandard(options, checks);
  return checks.filter(
    (check) =>
      (severity === undefined || check.severity === severity) &&
      (standard === undefined || check.standards.some((control) => control.standard === standard)),
  );
}

function catalogue(listed: readonly CheckMetadata[]): string {
  const rows = listed.map(
    ({ id, severity, title }) =>
      `${severity.padEnd(8)}  ${id}\n${wrap(title, screenWidth() - 10)
        .map(setIn)
        .join('')}`,
  );
  return `${rows.join('')}${listed.length} checks; \`etcd-tls-audit checks ID\` shows one\n`;
}

/** Below the id, next to the severity. */
function setIn(line: string): string {
  return `${' '.repeat(10)}${line}\n`;
}
