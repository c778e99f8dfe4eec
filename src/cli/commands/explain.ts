import { existsSync } from 'node:fs';
import { type LogExplainer, logExplainer } from '../../diagnoses/explain-log.ts';
import { withPredictions } from '../../diagnoses/predicted.ts';
import type { Episode, Incident } from '../../diagnoses/incident.ts';
import { type KnownCluster, narrow } from '../../diagnoses/narrow.ts';
import { withSource } from '../../diagnoses/source-address.ts';
import { InputError } from '../../input-error.ts';
import {
  incidentJson,
  incidentText,
  type NarrowedEpisode,
  type NarrowedIncident,
} from '../../report/explanation.ts';
import type { Page } from '../../report/finding-text.ts';
import { plainPaint } from '../../report/style.ts';
import { publicText } from '../../model/public-text.ts';
import { exitCodes } from '../exit-code.ts';
import { screenWidth, wantsColor } from '../outputs.ts';
import { lineEnd, readLines } from '../read-lines.ts';
import { OptionReader } from '../read-options.ts';

/**
 * Explains logs and error texts as one incident. Where standard input stays open, as with
 * `journalctl -f`, the conclusion is printed when the stream pauses, and again whenever it changes.
 */
export async function explainFiles(files: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const format = options.choice('report', ['text', 'json']) ?? 'text';
  const sources = files.length === 0 ? ['-'] : files;
  refuseTerminal(sources);

  const set = await knownClusterOf(options);
  const page = await pageFor(options);
  const explainer = logExplainer();
  const isLive = format === 'text' && sources.includes('-');
  const liveOutput = isLive ? liveOutputOf(explainer, { set, page }) : undefined;
  for (const source of sources) await addAll(source, explainer, liveOutput);
  liveOutput?.end();
  const incident = withSet(explainer.incident(), set);
  if (format === 'json') process.stdout.write(incidentJson(incident));
  else if (liveOutput?.hasPrinted(incident) !== true)
    process.stdout.write(incidentText(incident, page));
  return codeOf(incident);
}

async function addAll(source: string, explainer: LogExplainer, liveOutput: LiveOutput | undefined) {
  for await (const lines of batchesOf(source)) {
    let mayChange = false;
    for (const line of lines) mayChange = explainer.add(publicText(line)) || mayChange;
    if (mayChange) liveOutput?.pause();
  }
  explainer.endOfText();
}

type LiveOutput = ReturnType<typeof liveOutputOf>;

/** A file, standard input, or the text itself where it holds white space and no file has that name. */
async function* batchesOf(source: string): AsyncGenerator<readonly string[]> {
  if (/\s/.test(source) && !existsSync(source)) yield source.split(lineEnd);
  else yield* readLines(source);
}

interface LiveOutputOptions {
  readonly set: KnownCluster | undefined;
  readonly page: Page;
}

/** How long a stream is silent before its conclusion is printed, in milliseconds. */
const quiet = 700;

/** How long a stream that never pauses may keep its conclusion, in milliseconds. */
const longest = 3000;

/** Prints a conclusion when the stream pauses, once for each that differs from the last. */
function liveOutputOf(explainer: LogExplainer, { set, page }: LiveOutputOptions) {
  let printed: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let since: number | undefined;
  const tell = () => {
    since = undefined;
    const incident = withSet(explainer.incident(), set);
    const { conclusion } = incident;
    if (conclusion === undefined || essenceOf(incident) === printed) return;
    const again = printed === undefined ? '' : '\n';
    printed = essenceOf(incident);
    process.stdout.write(`${again}${incidentText(incident, page)}`);
  };
  return {
    pause() {
      clearTimeout(timer);
      const now = performance.now();
      since ??= now;
      timer = setTimeout(tell, Math.min(quiet, since + longest - now));
    },
    end: () => clearTimeout(timer),
    /** Nothing is left to print but higher counts. */
    hasPrinted: (incident: Incident) => printed !== undefined && essenceOf(incident) === printed,
  };
}

function essenceOf({ conclusion, also }: Incident): string {
  const episodes = conclusion === undefined ? also : [conclusion, ...also];
  return episodes
    .map(({ explanation: { cause, confidence, title } }) => `${cause}|${confidence}|${title}`)
    .join('\n');
}

function codeOf({ conclusion }: Incident): number {
  if (conclusion === undefined) return exitCodes.incomplete;
  return conclusion.explanation.harmless ? exitCodes.pass : exitCodes.fail;
}

function withSet(incident: Incident, set: KnownCluster | undefined): NarrowedIncident {
  const { conclusion, also } = incident;
  if (set === undefined || conclusion === undefined) return incident;
  return {
    ...incident,
    conclusion: narrowed(conclusion, set),
    also: also.map((episode) => narrowed(episode, set)),
  };
}

function narrowed(episode: Episode, set: KnownCluster): NarrowedEpisode {
  const narrowing = narrow(episode.explanation, set);
  const known = withSource(episode.explanation, set.members);
  const explanation = withPredictions(known, narrowing.predicted);
  const evidence = explanation === episode.explanation ? episode.evidence : explanation.evidence;
  return { ...episode, explanation, evidence, narrowing };
}

async function knownClusterOf(options: OptionReader): Promise<KnownCluster | undefined> {
  const paths = options.list('set');
  if (paths.length === 0) return withoutSet(options);
  const { look } = await import('../../audit.ts');
  const { deploymentOf } = await import('../../deployment/deployment.ts');
  const { forecast } = await import('../../forecast/forecast.ts');
  const etcdVersion = options.release('etcdVersion');
  const version = etcdVersion === undefined ? {} : { etcdVersion };
  const deployment = deploymentOf(await look({ paths, maps: [] }), version);
  const { files = [], members = [] } = deployment.facts;
  return { files, members, edges: forecast(deployment) };
}

/** What is said about a set has no effect without one. */
function withoutSet(options: OptionReader): undefined {
  if (options.text('etcdVersion') === undefined) return undefined;
  throw new InputError('OPTION_INVALID', '--etcd-version has no effect without --set', {
    hint: 'give the cert set whose members run that version',
  });
}

async function pageFor(options: OptionReader): Promise<Page> {
  const width = screenWidth();
  if (!wantsColor(options, process.stdout)) return { width, paint: plainPaint };
  const { terminalPaint } = await import('../../report/paint.ts');
  return { width, paint: terminalPaint };
}

function refuseTerminal(sources: readonly string[]): void {
  if (!sources.includes('-') || !process.stdin.isTTY) return;
  throw new InputError('OPTION_INVALID', 'there is nothing to explain', {
    hint: 'give a log file, or pipe one in: journalctl -u etcd | etcd-tls-audit explain -',
  });
}
