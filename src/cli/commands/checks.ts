import { catalogue as checks } from '../../checks/index.ts';
import type { CheckMetadata } from '../../model/check.ts';
import { checkPage } from '../../report/check-page.ts';
import { jsonText } from '../../report/escape.ts';
import { checkNamed } from '../check-named.ts';
import { wrap } from '../../report/layout.ts';
import { exitCodes } from '../exit-code.ts';
import { screenWidth } from '../outputs.ts';
import { OptionReader } from '../read-options.ts';
import { readStandard } from '../standard.ts';

/** Prints the catalogue, or the page of one check. */
export function listChecks(id: string | undefined, values: object): number {
  const options = new OptionReader(values);
  const isJson = options.choice('report', ['text', 'json']) === 'json';
  if (id === undefined) {
    const listed = selected(options);
    process.stdout.write(isJson ? json(listed.map(metadataOf)) : catalogue(listed));
  } else {
    const check = checkNamed(id);
    process.stdout.write(isJson ? json(metadataOf(check)) : `${checkPage(check)}\n`);
  }
  return exitCodes.pass;
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
