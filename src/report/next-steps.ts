import { type Finding, fixOf, severityOf, subjectOf } from '../model/finding.ts';
import { naturally } from '../model/natural-order.ts';
import { isAtLeast, type Severity } from '../model/severity.ts';
import { counted, enumerate } from '../model/words.ts';
import { printable } from './escape.ts';
import type { Page } from './finding-text.ts';
import { firstStep, remedies } from './group.ts';
import { wrap } from './layout.ts';

type Lines = readonly string[];
type Step = readonly Finding[];

const mostSteps = 3;
const shortestRoot = 16;

/** The distinct remedies, worst first: what a person does next. What does not fail the audit takes one line. */
export function nextSteps(
  findings: readonly Finding[],
  failOn: Severity = 'high',
  page: Page,
): Lines {
  const steps = remedies(findings);
  if (steps.length < 2) return [];
  const urgent = steps.filter((same) => same.some((each) => isAtLeast(severityOf(each), failOn)));
  const shown = (urgent.length > 0 ? urgent : steps).slice(0, mostSteps);
  const root = commonDirectory(shown.flatMap(pathsOf));
  const lines = shown.flatMap((same, index) => {
    const [finding] = same;
    if (finding === undefined) return [];
    const what = firstStep(fixOf(finding));
    const step = `${what} (${placesOf(same, root, what)})`;
    return numbered(index + 1, printable(step), page);
  });
  const title = root === '' ? 'Do next' : `Do next (files are below ${printable(root)})`;
  const others = steps.filter((same) => !shown.includes(same));
  return [
    ...wrap(title, page.width).map((line) => page.paint.strong(line)),
    ...lines,
    ...(others.length > 0 ? [otherSteps(others, urgent, page)] : []),
  ];
}

/** The ids of the findings that the steps are for, as many as one line holds. */
function otherSteps(others: readonly Step[], urgent: readonly Step[], { width }: Page): string {
  const isUrgent = others.some((same) => urgent.includes(same));
  const ids = [...new Set(others.flatMap((same) => same.slice(0, 1).map(({ check }) => check.id)))];
  const start = isUrgent || urgent.length === 0 ? 'Then' : 'Less urgent';
  // A list of one and others names none of them.
  const lengths = ids.map((_, index) => ids.length - index).filter((most) => most > 1);
  const lists = ids.length === 1 ? ids : lengths.map((most) => enumerate(ids, most));
  const lines = lists.map((list) => `  ${start}: ${list}`);
  const counts = `  ${start}: ${counted(others.length, 'more finding')} below`;
  return lines.find((line) => line.length <= width) ?? counts;
}

/** The members, clients or files, with the file to change where there is only one. */
function placesOf(findings: Step, root: string, what: string): string {
  const names = [...new Set(findings.map(subjectOf))].toSorted(naturally);
  const files = filesOf(findings);
  const [file] = files;
  const isNew =
    file !== undefined &&
    files.length === 1 &&
    ![what, ...names].some((text) => text.includes(file));
  const short = (path: string): string => (path.startsWith(root) ? path.slice(root.length) : path);
  return enumerate(names.map(short), 3) + (isNew ? `, ${short(file)}` : '');
}

/** The paths that the places of a step show. */
function pathsOf(findings: Step): readonly string[] {
  const files = filesOf(findings);
  const named = findings.flatMap(({ target }) => (target.kind === 'file' ? [target.name] : []));
  return [...new Set([...named, ...(files.length === 1 ? files : [])])];
}

function filesOf(findings: Step): readonly string[] {
  const files = findings.flatMap(({ target: { location } }) =>
    location === undefined ? [] : [`${location.file}:${location.line ?? ''}`.replace(/:$/, '')],
  );
  return [...new Set(files)];
}

/** The directory that all files are in, where naming it once makes the lines shorter. */
function commonDirectory(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) => file.split('/').slice(0, -1));
  if (others.length === 0 || first === '') return '';
  const end = first.findIndex((part, index) => others.some((other) => other[index] !== part));
  const root = `${(end === -1 ? first : first.slice(0, end)).join('/')}/`;
  return root.length < shortestRoot ? '' : root;
}

function numbered(number: number, item: string, { width }: Page): Lines {
  return wrap(item, width - 5).map(
    (line, index) => `  ${(index === 0 ? `${number}.` : '').padEnd(3)}${line}`,
  );
}
