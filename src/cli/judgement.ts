import { catalogue } from '../checks/index.ts';
import type { Judgement } from '../audit.ts';
import { baselineOf } from '../model/baseline.ts';
import { InputError } from '../input-error.ts';
import type { CatalogueEntry } from '../model/check.ts';
import { isAtLeast } from '../model/severity.ts';
import { nearest } from './nearest.ts';
import { readText } from './read-input.ts';
import type { OptionReader } from './read-options.ts';

/** Which checks to put, what is waived and what is known, from the options. */
export async function readJudgement(options: OptionReader): Promise<Judgement> {
  const waiverFile = options.text('waivers');
  const baselineFile = options.text('baseline');
  const failOn = options.severity('failOn');
  const expiryWarningDays = options.days('expiryWarning');
  return {
    selects: selection(options),
    ...(failOn !== undefined && { failOn }),
    ...(expiryWarningDays !== undefined && { policy: { expiryWarningDays } }),
    ...(waiverFile !== undefined && { waivers: await readWaiverFile(waiverFile) }),
    ...(baselineFile !== undefined && { baseline: await readBaseline(baselineFile) }),
  };
}

async function readWaiverFile(file: string) {
  const { parseWaivers } = await import('../collect/inventory/waivers.ts');
  return await parseWaivers(await readText(file), file);
}

async function readBaseline(file: string) {
  const { parseReport } = await import('../report/parse-report.ts');
  return baselineOf(parseReport(await readText(file), file).results);
}

function selection(options: OptionReader): (check: CatalogueEntry) => boolean {
  const only = new Set(known(options.commaList('only')));
  const skipped = new Set(known(options.commaList('skip')));
  const severity = options.severity('severity') ?? 'info';
  return ({ id, severity: own }) =>
    (only.size === 0 || only.has(id)) && !skipped.has(id) && isAtLeast(own, severity);
}

/** A misspelt id would silently check less, or more, than was asked for. */
function known(ids: readonly string[]): readonly string[] {
  const all = catalogue.map(({ id }) => id);
  for (const id of ids) {
    if (all.includes(id)) continue;
    const guess = nearest(id, all);
    throw new InputError('OPTION_INVALID', `unknown check "${id}"`, {
      hint: guess === undefined ? '`etcd-tls-audit checks` lists them' : `did you mean ${guess}?`,
    });
  }
  return ids;
}
