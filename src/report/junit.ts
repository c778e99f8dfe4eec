import type { Report, Result } from '../model/report.ts';
import { printable, printableText } from './escape.ts';
import { fixOf, isFinding, severityOf, refusedWords } from '../model/finding.ts';
import { groupBy } from '../model/group-by.ts';

/**
 * JUnit XML: a suite a check, a case a target. Findings are failures; what could not be checked is
 * an error, never a skip that a dashboard would show as harmless; not applicable and accepted are skipped.
 */
export function junit(report: Report): string {
  const byCheck = groupBy(report.results, ({ check }) => check.id);
  const suites = report.checks.map((check) => {
    const results = byCheck.get(check.id) ?? [];
    const cases = results.map(testCase).join('');
    return `  <testsuite name=${quote(check.id)} ${countsOf(results)} timestamp=${quote(timestamp(report))}>\n${cases}  </testsuite>\n`;
  });
  const { failures, errors } = countKinds(report.results);
  const totals = `tests="${report.results.length}" failures="${failures}" errors="${errors}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name=${quote(report.tool.name)} ${totals}>\n${suites.join('')}</testsuites>\n`;
}

function countsOf(results: readonly Result[]): string {
  const { failures, errors, skipped } = countKinds(results);
  return `tests="${results.length}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="0"`;
}

/** The readers of JUnit files want no time zone. */
function timestamp({ collectedAt }: Report): string {
  return collectedAt.slice(0, 'yyyy-mm-ddThh:mm:ss'.length);
}

interface Kinds {
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function countKinds(results: readonly Result[]): Kinds {
  const kinds = results.map(kindOf);
  const count = (wanted: Kind): number => kinds.filter((kind) => kind === wanted).length;
  return { failures: count('failure'), errors: count('error'), skipped: count('skipped') };
}

type Kind = 'passed' | 'failure' | 'error' | 'skipped';

function kindOf({ verdict, waived, known }: Result): Kind {
  switch (verdict.status) {
    case 'pass':
      return 'passed';
    case 'fail':
      return waived !== undefined || known === true ? 'skipped' : 'failure';
    case 'not-applicable':
      return 'skipped';
    case 'inconclusive':
    case 'crashed':
      return 'error';
  }
}

function testCase(result: Result): string {
  const { check, target } = result;
  const open = `    <testcase classname=${quote(check.id)} name=${quote(printable(target.name))} time="0"`;
  const cluster =
    target.cluster === undefined
      ? ''
      : `<properties><property name="cluster" value=${quote(printable(target.cluster))}/></properties>`;
  const inside = cluster + outcome(result);
  return inside === '' ? `${open}/>\n` : `${open}>\n      ${inside}\n    </testcase>\n`;
}

function outcome(result: Result): string {
  const { verdict, waived } = result;
  switch (verdict.status) {
    case 'pass':
      return '';
    case 'not-applicable':
      return '<skipped>not applicable</skipped>';
    case 'inconclusive':
      return element('error', { type: 'could-not-check', message: verdict.because });
    case 'crashed':
      return element('error', { type: 'crashed', message: verdict.because });
    case 'fail':
      if (waived !== undefined) return `<skipped>${escape(waiverText(waived))}</skipped>`;
      if (result.known === true) return '<skipped>already in the baseline</skipped>';
      return element(
        'failure',
        { type: severityOf(result), message: verdict.message },
        details(result),
      );
  }
}

function waiverText({ owner, expires, reason }: NonNullable<Result['waived']>): string {
  return printable(`waived until ${expires} by ${owner}: ${reason}`);
}

function details(result: Result): string {
  if (!isFinding(result)) return '';
  const { expected, actual, cause } = result.verdict;
  const parts = {
    expected,
    found: actual,
    refused: refusedWords(result),
    cause,
    fix: fixOf(result),
  };
  return Object.entries(parts)
    .flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${printableText(value)}`]))
    .join('\n');
}

interface Attributes {
  readonly type: string;
  readonly message: string;
}

function element(name: string, { type, message }: Attributes, body: string = ''): string {
  return `<${name} type=${quote(type)} message=${quote(printable(message))}>${escape(body)}</${name}>`;
}

function quote(text: string): string {
  return `"${escape(text)}"`;
}

/** Only for text that `printable` has been over: XML 1.0 has no way to write control characters. */
function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
