import { readFile } from 'node:fs/promises';
import { logExplainer } from '../src/diagnoses/explain-log.ts';
import type { Incident } from '../src/diagnoses/incident.ts';

/**
 * Scores `explain` on reports whose cause is known. `right`: the cause is named first, or, where the text
 * cannot decide, left open among the candidates. `false`: a cause that is neither the case's nor accepted
 * is stated as certain or probable, first or further down. `incomplete`: neither.
 */
interface ReportedCase {
  readonly id: string;
  /** Lines as pasted; in older sets a description of them. */
  readonly log: string;
  readonly accept: readonly string[];
  /** Whether the lines alone decide: `full`, `partly`, `no`; in older sets who stated the cause. */
  readonly group: string;
}

type Score = 'right' | 'incomplete' | 'false';

/** Reports count names that do not resolve among the network; here they are separate. */
const wider: ReadonlyMap<string, string> = new Map([['DNS', 'NET']]);

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write('usage: npm run explain-score -- CASES.json\n');
  process.exit(2);
}

const scored = readCases(JSON.parse(await readFile(file, 'utf8'))).map((reported) => {
  const incident = explained(reported.log);
  return { ...reported, score: scoreOf(reported, incident), named: named(incident) };
});
for (const { id, accept, named: all, score, log } of scored) {
  if (score !== 'right') {
    process.stdout.write(
      `${score} ${id}  ${accept.join('/')} named ${all}: ${JSON.stringify(log.slice(0, 100))}\n`,
    );
  }
}
for (const group of [...new Set(scored.map((each) => each.group)), 'all']) {
  const own = scored.filter((each) => group === 'all' || each.group === group);
  const counts = (['right', 'incomplete', 'false'] as const).map(
    (score) => `${score} ${own.filter((each) => each.score === score).length}`,
  );
  process.stdout.write(`${group}: ${counts.join(', ')} of ${own.length}\n`);
}

function explained(log: string): Incident {
  const explainer = logExplainer();
  for (const line of log.split('\n')) explainer.add(line);
  return explainer.incident();
}

function scoreOf({ accept, group }: ReportedCase, { conclusion, also }: Incident): Score {
  const isRight = (cause: string) =>
    accept.includes(cause) || accept.includes(wider.get(cause) ?? cause);
  const stated = [conclusion, ...also].flatMap((episode) =>
    episode === undefined || episode.explanation.confidence === 'open'
      ? []
      : [episode.explanation.cause],
  );
  if (stated.some((cause) => cause !== 'UNKNOWN' && !isRight(cause))) return 'false';
  if (conclusion === undefined) return group === 'no' ? 'right' : 'incomplete';
  const { confidence, cause, alternatives } = conclusion.explanation;
  if (confidence !== 'open') return isRight(cause) ? 'right' : 'incomplete';
  if (group === 'no' || accept.includes('UNKNOWN')) return 'right';
  return group === 'partly' && alternatives.some((other) => isRight(other.cause))
    ? 'right'
    : 'incomplete';
}

function named({ conclusion, also }: Incident): string {
  if (conclusion === undefined) return 'nothing';
  const all = [conclusion, ...also].map(
    ({ explanation: { cause, confidence, alternatives } }) =>
      `${cause} (${confidence}${confidence === 'open' ? `: ${alternatives.map((other) => other.cause).join(', ')}` : ''})`,
  );
  return all.join(' and ');
}

/** Takes the fields that scoring needs, and refuses a file of another form. */
function readCases(value: unknown): readonly ReportedCase[] {
  if (!Array.isArray(value)) throw new TypeError('the file must hold a JSON array of cases');
  return value.map((entry: unknown) => {
    const fields = new Map<string, unknown>(Object.entries(Object(entry)));
    const text = (name: string) => {
      const found = fields.get(name);
      return typeof found === 'string' ? found : undefined;
    };
    const log = text('log') ?? text('symptom');
    if (log === undefined) throw new TypeError('a case has neither log nor symptom');
    const accept = fields.get('accept');
    return {
      id: text('id') ?? '?',
      log,
      accept: [text('cluster') ?? '', ...(Array.isArray(accept) ? accept.map(String) : [])],
      group: text('decidable') ?? text('conf') ?? 'full',
    };
  });
}
