import type { Episode } from '../diagnoses/explain-log.ts';
import type { Narrowing } from '../diagnoses/narrow.ts';
import { printable } from './escape.ts';
import { field, type Page } from './finding-text.ts';
import { wrap } from './layout.ts';

/** An episode and what a cert set added to it. */
export interface ToldEpisode extends Episode {
  readonly narrowing?: Narrowing;
}

/** One episode for a person: what it is, who refused whom, why, and what to do. */
export function explanationText(told: ToldEpisode, page: Page): string {
  const { explanation, narrowing } = told;
  const { cause, title, harmless, confidence } = explanation;
  const heading = `${harmless ? '' : doubts[confidence]}${title}  [${cause}]`;
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['line', printable(explanation.line.text, 300)],
    ['who', whoText(told)],
    ['refused', direction(explanation)],
    ['because', explanation.evidence.map((reason) => printable(reason)).join('; ')],
    ...(narrowing?.suspects ?? []).map(
      (suspect) =>
        [
          'look at',
          `${printable(suspect.file)}: ${printable(suspect.subject)}, serial ${suspect.serialNumber}: ${printable(suspect.because)}`,
        ] as const,
    ),
    ['fix', explanation.remedy],
    ...explanation.alternatives.map(
      (other) => ['or', `${other.title} [${other.cause}]: ${printable(other.evidence)}`] as const,
    ),
    ['decide by', explanation.lookNext === undefined ? undefined : printable(explanation.lookNext)],
  ];
  const body = fields.flatMap(([name, text]) => field(name, text, page));
  const { paint, width } = page;
  const headings = wrap(heading, width).map((line) =>
    harmless ? paint.faint(line) : paint.strong(line),
  );
  return `${[...headings, ...body].join('\n')}\n`;
}

const doubts = { certain: '', likely: 'probably: ', open: 'perhaps: ' } as const;

function direction({ refusedBy, about }: Episode['explanation']): string | undefined {
  if (refusedBy === undefined) return undefined;
  if (refusedBy === 'network') return 'nobody: the connection did not come about';
  const side = refusedBy === 'accepting' ? 'the accepting side' : 'the dialling side';
  return about === undefined ? `by ${side}` : `by ${side}, which judged the ${about}`;
}

function whoText({ remoteAddresses, count, firstTime, lastTime, narrowing }: ToldEpisode): string {
  const ranked = [...remoteAddresses].toSorted(([, left], [, right]) => right - left);
  const shown = ranked.slice(0, 5).map(([address, lines]) => `${printable(address)} (${lines})`);
  const more = ranked.length > 5 ? `, and ${ranked.length - 5} more` : '';
  const from = shown.length === 0 ? '' : ` from ${shown.join(', ')}${more}`;
  const member =
    narrowing?.remoteMember === undefined ? '' : `, which is ${printable(narrowing.remoteMember)}`;
  const span =
    firstTime === undefined || firstTime === lastTime
      ? ''
      : `, ${printable(firstTime)} to ${printable(lastTime ?? '')}`;
  return `${count} line${count === 1 ? '' : 's'}${from}${member}${span}`;
}

/** All episodes as JSON, for scripts. */
export function explanationJson(told: readonly ToldEpisode[], linesRead: number): string {
  const episodes = told.map(
    ({ explanation, count, firstTime, lastTime, remoteAddresses, narrowing }) => {
      const { line, signals, ...rest } = explanation;
      return {
        ...rest,
        line: line.text,
        writtenBy: line.writtenBy,
        signals: Object.fromEntries([...signals].map(([id, { values }]) => [id, values])),
        count,
        ...(firstTime !== undefined && { firstTime, lastTime }),
        remoteAddresses: Object.fromEntries(remoteAddresses),
        ...(narrowing !== undefined && { narrowing: narrowingJson(narrowing) }),
      };
    },
  );
  return `${JSON.stringify({ schemaVersion: 1, linesRead, episodes }, null, 2)}\n`;
}

/** Edges by their two ends: whole ones are in the report of `check`. */
function narrowingJson({ foretold, ...narrowing }: Narrowing): object {
  return {
    ...narrowing,
    foretold: foretold.map(({ cause, edge: { from, to, rule, clientError, serverError } }) => ({
      cause,
      from,
      to,
      rule,
      clientError,
      serverError,
    })),
  };
}
