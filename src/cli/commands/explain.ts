import { type Episode, type LogExplainer, logExplainer } from '../../diagnoses/explain-log.ts';
import { withForetold } from '../../diagnoses/foretold.ts';
import { type Cast, narrow } from '../../diagnoses/narrow.ts';
import { withSource } from '../../diagnoses/source-address.ts';
import { InputError } from '../../input-error.ts';
import { explanationJson, explanationText, type ToldEpisode } from '../../report/explanation.ts';
import type { Page } from '../../report/finding-text.ts';
import { plainPaint } from '../../report/style.ts';
import { exitCodes } from '../exit-code.ts';
import { wantsColor } from '../outputs.ts';
import { readLines } from '../read-lines.ts';
import { OptionReader } from '../read-options.ts';

/**
 * Explains logs. Text from standard input is told as it comes, so that `journalctl -f` can be piped
 * in; files are told at the end, most frequent first.
 */
export async function explainFiles(files: readonly string[], values: object): Promise<number> {
  const options = new OptionReader(values);
  const format = options.choice('report', ['text', 'json']) ?? 'text';
  const sources = files.length === 0 ? ['-'] : files;
  refuseTerminal(sources);

  const set = await castOf(options);
  const explainer = logExplainer(options.text('etcdVersion'));
  const page = await pageFor(options);
  const tells = format === 'text' && sources.includes('-');
  for (const source of sources) {
    for await (const line of readLines(source)) {
      const added = explainer.add(line);
      if (tells && added?.isNew === true) {
        process.stdout.write(`${explanationText(withSet(added.episode, set), page)}\n`);
      }
    }
  }
  process.stdout.write(conclusion(explainer, { set, page, format, tells }));
  return codeOf(explainer);
}

interface Ending {
  readonly set: Cast | undefined;
  readonly page: Page;
  readonly format: 'text' | 'json';
  /** Whether the episodes were told already. */
  readonly tells: boolean;
}

function conclusion(explainer: LogExplainer, { set, page, format, tells }: Ending): string {
  const episodes = [...explainer.episodes()].toSorted((left, right) => right.count - left.count);
  const told = episodes.map((episode) => withSet(episode, set));
  if (format === 'json') return explanationJson(told, explainer.linesRead());

  const texts = tells ? [] : told.map((episode) => `${explanationText(episode, page)}\n`);
  const counts = tells ? told.map(countLine) : [];
  const telling = episodes.reduce((sum, { count }) => sum + count, 0);
  return [
    ...texts,
    ...counts,
    `${telling} of ${explainer.linesRead()} lines say something about TLS or connections, in ${episodes.length} kinds\n`,
  ].join('');
}

function countLine({ count, explanation }: Episode): string {
  return `${String(count).padStart(8)}  ${explanation.cause.padEnd(12)}  ${explanation.title}\n`;
}

function codeOf(explainer: LogExplainer): number {
  const episodes = explainer.episodes();
  if (episodes.length === 0) return exitCodes.incomplete;
  return episodes.every(({ explanation }) => explanation.harmless)
    ? exitCodes.pass
    : exitCodes.fail;
}

function withSet(episode: Episode, set: Cast | undefined): ToldEpisode {
  if (set === undefined) return episode;
  const narrowing = narrow(episode.explanation, set);
  const known = withSource(episode.explanation, set.members);
  const explanation = withForetold(known, narrowing.foretold);
  return { ...episode, explanation, narrowing };
}

async function castOf(options: OptionReader): Promise<Cast | undefined> {
  const paths = options.list('set');
  if (paths.length === 0) return undefined;
  const { look } = await import('../../audit.ts');
  const { deploymentOf } = await import('../../deployment/deployment.ts');
  const { forecast } = await import('../../forecast/forecast.ts');
  const etcdVersion = options.text('etcdVersion');
  const version = etcdVersion === undefined ? {} : { etcdVersion };
  const deployment = deploymentOf(await look({ paths, maps: [] }), version);
  const { files = [], members = [] } = deployment.facts;
  return { files, members, edges: forecast(deployment) };
}

async function pageFor(options: OptionReader): Promise<Page> {
  const width = process.stdout.isTTY ? Math.max(40, Math.min(process.stdout.columns, 120)) : 80;
  if (!wantsColor(options, process.stdout)) return { width, paint: plainPaint };
  const { terminalPaint } = await import('../../report/paint.ts');
  return { width, paint: terminalPaint };
}

function refuseTerminal(sources: readonly string[]): void {
  if (!sources.includes('-') || !process.stdin.isTTY) return;
  throw new InputError('OPTION_INVALID', 'there is nothing to explain', {
    hint: 'name a log file, or pipe one in: journalctl -u etcd | etcd-tls-audit explain -',
  });
}
