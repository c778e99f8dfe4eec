import { z } from 'zod';
import { InputError } from '../input-error.ts';
import type { CheckMetadata } from '../model/check.ts';
import { publicData, withoutCredentials } from '../model/public-text.ts';
import type { Report } from '../model/report.ts';
import type { JsonReport, JsonResult } from './json-report.ts';
import { issueWords } from '../schema/issue-words.ts';
import { reportSchema } from './schema/report.ts';

const hint = 'give a file that `--report json=FILE` wrote, unchanged';

/** Reads a JSON report back. Throws REPORT_MALFORMED, naming the file and the place in it. */
export function parseReport(text: string, file: string = 'the report'): Report {
  const report = parseJson(text, file);
  if (isJsonReport(report)) return fromJsonReport(report, file);
  throw otherVersion(report, file) ?? misfit(report, file);
}

const anyObject = z.record(z.string(), z.unknown());

/** Data of another kind, or a report of another release. */
function otherVersion(data: unknown, file: string): InputError | undefined {
  const { schemaVersion, results, facts } = anyObject.safeParse(data).data ?? {};
  if (schemaVersion === 2) return undefined;
  const refuse = (what: string, next: string): InputError =>
    new InputError('REPORT_MALFORMED', `${file} ${what}`, { hint: next });
  if (facts !== undefined && results === undefined) {
    const convert = `\`etcd-tls-audit check --evidence ${file} --report json=FILE\` makes a report of it`;
    return refuse('is saved evidence, not a report', convert);
  }
  return typeof schemaVersion === 'number'
    ? refuse(
        `is a report of schema version ${schemaVersion}, and this release reads version 2`,
        'make the report again with this release: `--report json=FILE`',
      )
    : refuse('is not a report of etcd-tls-audit: it has no schemaVersion', hint);
}

function misfit(report: unknown, file: string): InputError {
  const [issue] = reportSchema.safeParse(report).error?.issues ?? [];
  const what = issue && issueWords(issue, 'the report').message;
  return new InputError('REPORT_MALFORMED', `${file}: ${what ?? 'the report cannot be read'}`, {
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
