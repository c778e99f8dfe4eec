import { parseArgs } from 'node:util';
import { type EtcdBinaries, etcdBinaries } from './etcd-binaries.ts';
import { writePart } from './fidelity-page.ts';
import { type Situation, situations, stages } from './situations/index.ts';
import { concerns, isGood, type Judged, judgeExplain, judgeVerify } from './situations/judge.ts';
import { situationsPage, situationsSummary } from './situations/page.ts';
import { mergeRows } from './situations/rows.ts';
import { standing, type Standing } from './situations/stage.ts';
import { type Trial, tryIn } from './situations/trial.ts';

const { values } = parseArgs({
  options: {
    versions: { type: 'string', default: '3.4.23,3.5.30,3.6' },
    only: { type: 'string' },
    keep: { type: 'string' },
    // Nothing is tried: the page is written from what was seen before.
    replay: { type: 'boolean', default: false },
    // Puts what is seen now into docs/situations.jsonl and the page.
    write: { type: 'boolean', default: false },
    verbose: { type: 'boolean', default: false },
  },
});

const only = values.only?.split(',');
const trials: Trial[] = [];
const failures: string[] = [];
for (const version of values.replay ? [] : values.versions.split(',')) {
  const binaries = await etcdBinaries(version);
  const chosen = situations
    .filter(({ name }) => only === undefined || only.includes(name))
    .filter((situation) => concerns(situation, binaries.version));
  const queue = byStage(chosen);
  const worker = async () => {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      await tryGroup(group, binaries);
    }
  };
  await Promise.all([worker(), worker()]);
}
for (const failure of failures) process.stderr.write(`${failure}\n`);
const writes = values.write || values.replay || only === undefined;
const shown = writes ? await mergeRows(trials) : trials;
if (writes) await writePart(situationsPage(shown));
process.stdout.write(`${situationsSummary(shown)}\n`);
process.exitCode = failures.length === 0 && shown.every(isGood) ? 0 : 1;

/** Situations on one shared cluster, or one alone on its own. */
function byStage(chosen: readonly Situation[]): (readonly Situation[])[] {
  const shared = Object.keys(stages).map((stage) => chosen.filter(({ on }) => on === stage));
  const own = chosen.filter(({ on }) => typeof on !== 'string').map((each) => [each]);
  return [...shared, ...own].filter((group) => group.length > 0);
}

async function tryGroup(group: readonly Situation[], binaries: EtcdBinaries): Promise<void> {
  const [first] = group;
  const stage = typeof first?.on === 'string' ? stages[first.on] : first?.on;
  if (stage === undefined) throw new Error(`there is no stage of that name`);
  let stands: Standing | undefined;
  try {
    stands = await standing(stage, binaries);
    for (const situation of group) await tryAndReport(situation, stands);
  } catch (error) {
    failures.push(
      `${binaries.version} ${group.map(({ name }) => name).join(', ')}: ${String(error)}`,
    );
  } finally {
    await stands?.stop();
  }
}

async function tryAndReport(situation: Situation, stands: Standing): Promise<void> {
  try {
    const trial = await tryIn(situation, stands, { directory: values.keep });
    trials.push(trial);
    tell(trial);
  } catch (error) {
    failures.push(`${stands.binaries.version} ${situation.name}: ${String(error)}`);
    process.stdout.write(`FAIL ${situation.name}: ${String(error).slice(0, 600)}\n`);
  }
}

function inWords({ named, others }: Judged): string {
  return [named, ...others.map((each) => `+ ${each}`)].join(' ');
}

function tell(trial: Trial): void {
  const { situation, version, exit, seconds, connections, lines, raft, otherwise } = trial;
  const expected = exit === situation.exit ? '' : ` (not ${situation.exit})`;
  process.stdout.write(
    `${isGood(trial) ? 'ok  ' : 'DIFF'} ${version} ${situation.name}: verify ${inWords(judgeVerify(trial))}, exit ${exit}${expected}, ` +
      `explain ${inWords(judgeExplain(trial))}; ${seconds.toFixed(1)} s, ${connections} connections, ${lines} lines, raft ${raft}\n`,
  );
  if (isGood(trial) && !values.verbose) return;
  process.stdout.write(`       ${trial.sentence}\n`);
  for (const each of otherwise) process.stdout.write(`       saved evidence: ${each}\n`);
  for (const { check, severity, target, message, cause } of trial.findings) {
    process.stdout.write(`       ${severity} ${check} ${target}: ${message} ${cause ?? ''}\n`);
  }
  for (const { cause, line } of trial.told)
    process.stdout.write(`       ${cause}: ${line.slice(0, 200)}\n`);
}
