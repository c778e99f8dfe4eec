import { InputError } from '../input-error.ts';
import type { CheckMetadata } from '../model/check.ts';
import { publicData, withoutCredentials } from '../model/public-text.ts';
import type { Report } from '../model/report.ts';
import type { JsonReport, JsonResult } from './json-report.ts';
import { reportSchema } from './schema/report.ts';

const hint = 'give a file written by `--report json=FILE`';

/** Reads a JSON report back. Throws REPORT_MALFORMED, naming the file and the place in it. */
export function parseReport(text: string, file: string = 'the report'): Report {
  const report = parseJson(text, file);
  if (isJsonReport(report)) return fromJsonReport(report, file);

  const [issue] = reportSchema.safeParse(report).error?.issues ?? [];
  const place = issue === undefined || issue.path.length === 0 ? 'the top' : issue.path.join('.');
  throw new InputError('REPORT_MALFORMED', `${file}: at ${place}: ${issue?.message ?? ''}`, {
    hint,
  });
}

/** Encoded parts of certificates, which have no such form. */
const derived = new Set(['der', 'raw']);

function parseJson(text: string, file: string): unknown {
  try {
    return publicData<unknown>(JSON.parse(text), derived, withoutCredentials);
  } catch (cause) {
    throw new InputError('REPORT_MALFORMED', `${file} is not JSON`, { hint, cause });
  }
}

/** Narrows instead of taking zod's copy, which has its properties in the schema's order. */
function isJsonReport(value: unknown): value is JsonReport {
  return reportSchema.safeParse(value).success;
}

function fromJsonReport(
  { inventory, certificates: _derived, results, facts, ...head }: JsonReport,
  file: string,
): Report {
  const { members, clients } = inventory;
  const checks = new Map(head.checks.map((check) => [check.id, check]));
  return {
    ...head,
    results: results.map(({ check, severity: _inCheck, ...result }) => ({
      check: findCheck(checks, check, file),
      ...result,
    })),
    facts: { ...facts, members, clients },
  };
}

function findCheck(
  checks: ReadonlyMap<string, CheckMetadata>,
  id: JsonResult['check'],
  file: string,
): CheckMetadata {
  const check = checks.get(id);
  if (check !== undefined) return check;
  throw new InputError(
    'REPORT_MALFORMED',
    `${file}: check ${id} has results but is not in checks`,
    {
      hint,
    },
  );
}
