import type { Judgement } from '../audit.ts';
import { baselineOf } from '../model/baseline.ts';
import type { CatalogueEntry } from '../model/check.ts';
import { isAtLeast } from '../model/severity.ts';
import { checkNamed } from './check-named.ts';
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
  const only = new Set(options.commaList('only').map(idOf));
  const skipped = new Set(options.commaList('skip').map(idOf));
  const severity = options.severity('severity') ?? 'info';
  return ({ id, severity: own }) =>
    (only.size === 0 || only.has(id)) && !skipped.has(id) && isAtLeast(own, severity);
}

function idOf(id: string): string {
  return checkNamed(id).id;
}
