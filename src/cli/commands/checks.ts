import { catalogue as checks } from '../../checks/index.ts';
import { InputError } from '../../input-error.ts';
import type { CheckMetadata } from '../../model/check.ts';
import { checkPage } from '../../report/check-page.ts';
import { exitCodes } from '../exit-code.ts';
import { OptionReader } from '../read-options.ts';
import { nearest } from '../nearest.ts';
import { readStandard } from '../standard.ts';

/** Prints the catalogue, or one check's page. */
export function listChecks(id: string | undefined, values: object): number {
  const options = new OptionReader(values);
  process.stdout.write(id === undefined ? catalogue(selected(options)) : page(id));
  return exitCodes.pass;
}

function page(id: string): string {
  const check = checks.find((candidate) => candidate.id === id);
  if (check !== undefined) return `${checkPage(check)}\n`;

  const guess = nearest(
    id,
    checks.map((candidate) => candidate.id),
  );
  throw new InputError('OPTION_INVALID', `there is no check "${id}"`, {
    hint: guess === undefined ? '`checks` lists them all' : `did you mean ${guess}?`,
  });
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
  const width = Math.max(...listed.map(({ id }) => id.length), 0);
  const rows = listed.map(
    ({ id, severity, title }) => `${severity.padEnd(8)}  ${id.padEnd(width)}  ${title}\n`,
  );
  return `${rows.join('')}${listed.length} checks; \`etcd-tls-audit checks ID\` shows one\n`;
}
