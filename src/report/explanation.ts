import { causes } from '../diagnoses/cause.ts';
import { mostNames } from '../diagnoses/explain-log.ts';
import type { Episode, Incident } from '../diagnoses/incident.ts';
import type { Narrowing } from '../diagnoses/narrow.ts';
import { jsonText, printable } from './escape.ts';
import { field, type Page } from './finding-text.ts';
import { counted } from '../model/words.ts';
import { wrap } from './layout.ts';

/** An episode and what a cert set added to it. */
export interface NarrowedEpisode extends Episode {
  readonly narrowing?: Narrowing;
}

/** An incident and what a cert set added to it. */
export interface NarrowedIncident extends Incident {
  readonly conclusion?: NarrowedEpisode;
  readonly also: readonly NarrowedEpisode[];
}

/** The conclusion first, then what other lines state, then all that follows. */
export function incidentText(incident: NarrowedIncident, page: Page): string {
  const { conclusion, also, consequences, harmless } = incident;
  if (conclusion === undefined) {
    return `${counted(incident.linesRead, 'line')} read, none in a known wording.\n`;
  }
  const fixes = new Set<string>();
  const lines = [
    ...episodeLines(conclusion, page, { fixes, summary: summaryOf(incident) }),
    ...also.flatMap((episode) => ['', ...episodeLines(episode, page, { fixes })]),
    ...listed('Lines that follow from this cause, or are not conclusive:', consequences, page),
    ...listed('Harmless lines:', harmless, page),
  ];
  return `${lines.join('\n')}\n`;
}

function summaryOf({ conclusion, linesExplained, linesRecognised, linesRead }: NarrowedIncident) {
  if (linesRead === 1) return '';
  const recognised = `${linesRecognised} of ${counted(linesRead, 'line')} have a known wording`;
  if (conclusion?.explanation.confidence === 'open') return recognised;
  return linesExplained === linesRecognised
    ? `${recognised}; all follow from this`
    : `${recognised}; ${linesExplained} follow from this`;
}

interface Manner {
  /** Fixes already printed: none is printed twice. */
  readonly fixes: Set<string>;
  readonly summary?: string;
}

function episodeLines(narrowed: NarrowedEpisode, page: Page, manner: Manner): readonly string[] {
  const fields = fieldsOf(narrowed, manner);
  return [
    ...headingOf(narrowed, page, manner),
    ...fields.flatMap(([name, text]) => field(name, text, page)),
  ];
}

function headingOf({ explanation }: NarrowedEpisode, { paint, width }: Page, { summary }: Manner) {
  const { cause, title, harmless, confidence } = explanation;
  const opening = summary === undefined ? 'Also seen: ' : openings[confidence];
  const lines = wrap(`${harmless ? '' : opening}${printable(title)}`, width);
  const code = cause === 'UNKNOWN' ? '' : `  [${cause}]`;
  const last = lines.at(-1) ?? '';
  const fits = last.length + code.length <= width;
  const titled = fits ? [...lines.slice(0, -1), `${last}${code}`] : [...lines, code];
  return titled.map((line) => (harmless ? paint.faint(line) : paint.strong(line)));
}

type Field = readonly [string, string | undefined];

function fieldsOf(narrowed: NarrowedEpisode, { fixes, summary }: Manner): readonly Field[] {
  const { explanation, narrowing, evidence } = narrowed;
  const { confidence, remedy, alternatives, lookNext } = explanation;
  const isNew = remedy !== '' && !fixes.has(remedy);
  fixes.add(remedy);
  const others = alternatives.filter(({ cause }) => cause !== 'NOISE');
  return [
    ['lines', summary],
    ['line', printable(shortened(explanation.line.text), 420)],
    ['who', whoText(narrowed)],
    ['rejected', direction(explanation)],
    ['because', evidence.map((reason) => printable(reason)).join('; ')],
    ...(narrowing?.suspects ?? []).map(({ file, subject, serialNumber, because }): Field => [
      'look at',
      `${printable(file)}: ${printable(subject)}, serial ${serialNumber}: ${printable(because)}`,
    ]),
    ['fix', isNew ? printable(remedy) : undefined],
    ...others.map((other): Field => [
      confidence === 'open' ? 'possible' : 'or',
      `${causes[other.cause].title} [${other.cause}]: ${printable(other.evidence)}`,
    ]),
    ['next look', lookNext === undefined ? undefined : printable(lookNext)],
  ];
}

const openings = { certain: 'Cause: ', likely: 'Most likely: ', open: 'Undecided: ' } as const;

/** The reason is often at the end of a long line. */
function shortened(text: string): string {
  return text.length <= 400 ? text : `${text.slice(0, 220)} … ${text.slice(-170)}`;
}

function direction(explanation: Episode['explanation']): string | undefined {
  const { refusedBy, about, signals } = explanation;
  if (refusedBy === undefined) return undefined;
  if (refusedBy === 'network') {
    return `neither side: there was no ${signals.has('timeout') ? 'answer in time' : 'connection'}`;
  }
  const side = refusedBy === 'accepting' ? 'the listening side' : 'the connecting side';
  return about === undefined ? `by ${side}` : `by ${side}, which checked the ${about}`;
}

function whoText(narrowed: NarrowedEpisode): string {
  const { count, firstTime, lastTime, narrowing, remoteAddresses, targets } = narrowed;
  const member =
    narrowing?.remoteMember === undefined ? '' : `, which is ${printable(narrowing.remoteMember)}`;
  const span =
    firstTime === undefined || firstTime === lastTime
      ? ''
      : `, ${printable(firstTime)} to ${printable(lastTime ?? '')}`;
  return `${counted(count, 'line')}${named(' from', remoteAddresses)}${member}${toText(targets)}${span}`;
}

/** Their lines are not all counted: repetitions are looked at now and then. */
function toText(targets: ReadonlyMap<string, number>): string {
  const shown = [...targets.keys()].slice(0, mostTargets).map((name) => printable(name, 120));
  const others = targets.size - shown.length;
  if (shown.length === 0) return '';
  const atLeast = targets.size >= mostNames ? 'at least ' : '';
  return ` to ${shown.join(', ')}${others > 0 ? ` and ${atLeast}${others} more` : ''}`;
}

const mostTargets = 8;

function named(before: string, counts: ReadonlyMap<string, number>): string {
  const ranked = [...counts].toSorted(([, left], [, right]) => right - left);
  const shown = ranked.slice(0, 5).map(([name, lines]) => `${printable(name, 120)} (${lines})`);
  const atLeast = ranked.length >= mostNames ? 'at least ' : '';
  const more = ranked.length > 5 ? `, and ${atLeast}${ranked.length - 5} more` : '';
  return shown.length === 0 ? '' : `${before} ${shown.join(', ')}${more}`;
}

function listed(heading: string, episodes: readonly Episode[], page: Page): readonly string[] {
  if (episodes.length === 0) return [];
  const rows = episodes.slice(0, mostRows).flatMap(({ count, explanation: { title } }) => {
    const [first = '', ...rest] = wrap(
      printable(title.replace(/^harmless: /, ''), 200),
      page.width - 10,
    );
    return [
      `${String(count).padStart(8)}  ${first}`,
      ...rest.map((line) => `${' '.repeat(10)}${line}`),
    ];
  });
  const others = episodes.length - mostRows;
  return ['', heading, ...rows, ...(others > 0 ? [`          and ${others} other kinds`] : [])];
}

/** Kinds of lines listed under the conclusion. */
const mostRows = 12;

/** The whole incident as JSON, for scripts. */
export function incidentJson(incident: NarrowedIncident): string {
  const { linesRead, linesRecognised, linesExplained, conclusion } = incident;
  const json = {
    schemaVersion: 2,
    linesRead,
    linesRecognised,
    linesExplained,
    conclusion: conclusion === undefined ? null : episodeJson(conclusion),
    also: incident.also.map(episodeJson),
    consequences: incident.consequences.map(episodeJson),
    harmless: incident.harmless.map(episodeJson),
  };
  return jsonText(json);
}

function episodeJson(narrowed: NarrowedEpisode): object {
  const { explanation, evidence, count, firstTime, lastTime, narrowing } = narrowed;
  const { line, signals, standing: _inner, ...rest } = explanation;
  return {
    ...rest,
    evidence,
    line: shortened(line.text),
    writtenBy: line.writtenBy,
    ...(line.port !== undefined && { port: line.port }),
    ...(line.service !== undefined && { service: line.service }),
    signals: Object.fromEntries([...signals].map(([id, { values }]) => [id, values])),
    count,
    ...(firstTime !== undefined && { firstTime, lastTime }),
    remoteAddresses: Object.fromEntries(narrowed.remoteAddresses),
    targets: Object.fromEntries(narrowed.targets),
    ...(narrowing !== undefined && { narrowing: narrowingJson(narrowing) }),
  };
}

/** Edges by their two ends: whole ones are in the report of `check`. */
function narrowingJson({ predicted, ...narrowing }: Narrowing): object {
  return {
    ...narrowing,
    predicted: predicted.map(({ cause, edge: { from, to, rule, clientError, serverError } }) => ({
      cause,
      from,
      to,
      rule,
      clientError,
      serverError,
    })),
  };
}
