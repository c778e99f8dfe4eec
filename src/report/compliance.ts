import type { CheckMetadata, Component, StandardControl } from '../model/check.ts';
import type { Report, Result } from '../model/report.ts';
import { isAt } from '../model/live.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { counted, enumerate } from '../model/words.ts';
import { type Paint, plainPaint, plainStyle, type Style } from './style.ts';

/** How one control of a benchmark fares. */
export interface ControlVerdict {
  readonly control: string;
  readonly title: string;
  /**
   * `open`: a question behind it could not be answered. `not applicable`: what it is about is not there.
   * `not judged`: no question behind it was put.
   */
  readonly status: (typeof statuses)[number];
  /** What the verdict rests on, or why there is none. */
  readonly evidence: readonly string[];
}

const statuses = ['fail', 'open', 'waived', 'pass', 'not applicable', 'not judged'] as const;

/** The releases of benchmarks that checks cover, as they are written: `CIS Kubernetes 1.12`. */
export function standardsOf(catalogue: readonly CheckMetadata[]): readonly string[] {
  return [
    ...new Set(catalogue.flatMap(({ standards }) => standards.map(({ standard }) => standard))),
  ];
}

interface Covered extends Pick<StandardControl, 'title' | 'component'> {
  readonly checks: string[];
}

/** Judges each control of a benchmark by what the checks that cover it say of its component. */
export function controlVerdicts(
  report: Report,
  standard: string,
  catalogue: readonly CheckMetadata[],
): readonly ControlVerdict[] {
  const covering = new Map<string, Covered>();
  for (const { id, standards } of catalogue) {
    for (const { control, title, component } of standards.filter(
      (each) => each.standard === standard,
    )) {
      const known = covering.get(control) ?? { title, component, checks: [] };
      known.checks.push(id);
      covering.set(control, known);
    }
  }
  return [...covering]
    .map(([control, covered]) => ({ control, title: covered.title, ...judged(report, covered) }))
    .toSorted((one, other) => one.control.localeCompare(other.control, 'en', { numeric: true }));
}

type Judged = Pick<ControlVerdict, 'status' | 'evidence'>;

function judged(report: Report, { checks, component }: Covered): Judged {
  const asked = report.results.filter(({ check }) => checks.includes(check.id));
  if (asked.length === 0) {
    return { status: 'not judged', evidence: [`${enumerate(checks)}: not run`] };
  }
  const scope = scopeOf(component, report);
  const results = asked.filter(
    (result) => result.verdict.status !== 'not-applicable' && scope.covers(result),
  );
  const failed = results.filter(({ verdict }) => verdict.status === 'fail');
  const standing = failed.filter(({ waived }) => waived === undefined);
  const open = results.filter(
    ({ verdict }) => verdict.status === 'inconclusive' || verdict.status === 'crashed',
  );
  const passed = results.filter(({ verdict }) => verdict.status === 'pass');

  if (standing.length > 0) return { status: 'fail', evidence: standing.map(evidenceOf) };
  const unseen = scope.named.filter((name) => !results.some(({ target }) => target.name === name));
  if (open.length + unseen.length > 0) {
    const left = unseen.map((name) => `${name}: none of ${enumerate(checks)} applies to it`);
    return { status: 'open', evidence: [...open.map(evidenceOf), ...left] };
  }
  if (failed.length > 0) return { status: 'waived', evidence: failed.map(evidenceOf) };
  if (passed.length > 0) return { status: 'pass', evidence: [passedWords(passed, report)] };
  return { status: 'not applicable', evidence: [`not applicable, because ${absent[component]}`] };
}

/** Why a control about this component has nothing to judge. */
const absent: Readonly<Record<Component, string>> = {
  'api-server': 'no API server is among the clients given',
  'client-port': 'no settings describe a client port, and none was observed',
  'peer-port': 'no settings describe a peer port, and none was observed',
  'kubernetes-authority': 'no Kubernetes certificate was given',
  'pki-files': 'no such file was given with its permissions',
  'served-tls': 'no port showed what this control is about',
};

interface ControlScope {
  readonly covers: (result: Result) => boolean;
  /** Targets of which each has to have a result. */
  readonly named: readonly string[];
}

function scopeOf(component: Component, { facts }: Report): ControlScope {
  switch (component) {
    case 'api-server': {
      const { clients = [] } = facts;
      const named = clients.filter(({ kind }) => kind === 'kube-apiserver').map(({ name }) => name);
      return {
        named,
        covers: ({ target }) =>
          target.kind === 'cluster' || (target.kind === 'client' && named.includes(target.name)),
      };
    }
    case 'client-port':
      return { named: [], covers: (result) => !isAboutPort(result, 'peer', facts) };
    case 'peer-port':
      return { named: [], covers: (result) => !isAboutPort(result, 'client', facts) };
    case 'kubernetes-authority':
    case 'pki-files':
    case 'served-tls':
      return { named: [], covers: () => true };
  }
}

/** Whether a result is about this kind of port alone. */
function isAboutPort(
  { target, verdict }: Result,
  port: 'client' | 'peer',
  { endpoints = [] }: Report['facts'],
): boolean {
  const { name: url, member } = target;
  const seen = endpoints.find(
    (each) => each.target.name === url || isAt(each.endpoint, { url, member }),
  );
  if (target.kind === 'endpoint' && seen !== undefined) return seen.endpoint.serves === port;
  const about = verdict.status === 'fail' ? (verdict.about ?? []) : [];
  const settings = about.flatMap((each) => (each.kind === 'setting' ? [each.setting] : []));
  return settings.length > 0 && settings.every((each) => isOfPeer(each) === (port === 'peer'));
}

function isOfPeer(setting: string): boolean {
  return setting.startsWith('peer-') || setting === 'listen-peer-urls';
}

function evidenceOf({ check, target, verdict, waived }: Result): string {
  const by = waived === undefined ? '' : ` (waived until ${waived.expires} by ${waived.owner})`;
  const words = { ...verdict };
  const what = 'message' in words ? words.message : 'because' in words ? words.because : '';
  return `${check.id} at ${target.name}: ${what}${by}`;
}

function passedWords(passed: readonly Result[], { command }: Report): string {
  const checks = [...new Set(passed.map(({ check }) => check.id))];
  const how = command === 'verify' ? 'from files and on the wire' : 'from files alone';
  return `${enumerate(checks)} passed ${counted(passed.length, 'time')}, ${how}`;
}

/** The compliance table of one release of a benchmark, as text. */
export function compliance(
  report: Report,
  standard: string,
  catalogue: readonly CheckMetadata[],
  style: Style = plainStyle,
): string {
  const verdicts = controlVerdicts(report, standard, catalogue);
  const paint = style.paint ?? plainPaint;
  const counts = statuses
    .map((status) => ({ status, count: verdicts.filter((each) => each.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status}`);
  const width = Math.max(...verdicts.map(({ control }) => control.length), 0);
  const rows = verdicts.flatMap((verdict) => rowLines(verdict, width, { ...style, paint }));
  return `${[paint.strong(`${standard}: ${counts.join(', ')}`), '', ...rows].join('\n')}\n`;
}

const mostEvidence = 4;
const statusWidth = 'not applicable'.length;

function rowLines(
  { control, title, status, evidence }: ControlVerdict,
  width: number,
  { width: columns, paint }: Style & { readonly paint: Paint },
): readonly string[] {
  const brush = { fail: paint.bad, open: paint.unsure, waived: paint.unsure, pass: paint.good };
  const colored =
    status === 'not judged' || status === 'not applicable' ? paint.faint : brush[status];
  const margin = ' '.repeat(width + 2);
  const shown = evidence.slice(0, mostEvidence);
  const others = evidence.length - shown.length;
  const lines = others > 0 ? [...shown, `and ${others} more`] : shown;
  return [
    `${control.padEnd(width)}  ${colored(status.padEnd(statusWidth))}  ${printable(title)}`,
    ...lines.flatMap((line) =>
      wrap(printable(line), Math.max(40, columns) - width - 4).map((part) => `${margin}  ${part}`),
    ),
  ];
}
