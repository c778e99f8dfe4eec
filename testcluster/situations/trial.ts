import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { logExplainer } from '../../src/diagnoses/explain-log.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { asApi3, clientFlags } from '../access.ts';
import { type Finding, findingsIn } from '../live/findings.ts';
import { differences } from './again.ts';
import { type Cited, inside, type Scene, wholeSet } from './scene.ts';
import type { Ended } from '../run.ts';
import type { Asked, Situation } from './situation.ts';
import type { Standing } from './stage.ts';

/** What a situation led to. */
export interface Trial {
  readonly situation: Situation;
  readonly version: string;
  readonly exit: number;
  readonly seconds: number;
  /** TCP connections that the host of `verify` began; absent where it is not alone on that host. */
  readonly connections?: number;
  /** The most lines that the run caused in one member's log. */
  readonly lines: number;
  /** Entries in the raft log meanwhile; absent where no member answered. */
  readonly raft?: number;
  readonly sentence: string;
  readonly findings: readonly Finding[];
  /** What the evidence that the run saved is judged otherwise, where anything is. */
  readonly otherwise: readonly string[];
  readonly told: readonly Cited[];
}

/** Where to keep what each run printed. */
export interface Keeping {
  readonly directory?: string | undefined;
}

const build = process.env['ETCD_TLS_AUDIT_BUILD'] ?? join(import.meta.dirname, '..', '..', 'dist');

const program = join(build, 'cli', 'main.js');

/** Makes the situation, runs `verify` as an operator would, and `explain` on what the members logged. */
export async function tryIn(
  situation: Situation,
  stage: Standing,
  { directory }: Keeping,
): Promise<Trial> {
  const scene: Scene = { ...stage, later: [] };
  const before = await logLengths(scene);
  try {
    const asked = (await situation.arrange?.(scene)) ?? { parameters: wholeSet(scene) };
    const evidence = join(scene.places.work, 'evidence.json');
    const { run, ...costs } = await costOf(scene, asked, evidence);
    const logged = await newLines(scene, before);
    const name = `${stage.binaries.version}-${situation.name}`;
    await keep(directory, name, run.stdout, [...logged.values()]);
    return {
      situation,
      version: stage.binaries.version,
      exit: run.code,
      ...costs,
      ...reportOf(run),
      otherwise: await judgedAgain(scene, run, evidence),
      told: explainedBy(logged),
    };
  } finally {
    for (const undo of scene.later.toReversed()) await undo();
  }
}

/** Wrong usage has no report. */
function reportOf({ code, stdout, stderr }: Ended): Pick<Trial, 'sentence' | 'findings'> {
  if (stdout === '' && code === 2) return { sentence: stderr, findings: [] };
  if (stdout === '') throw new Error(`verify ended: ${stderr}`);
  const { verdict, results } = parseReport(stdout);
  return { sentence: verdict.sentence, findings: findingsIn(results) };
}

/** A run, and what it left behind. */
async function costOf(scene: Scene, asked: Asked, evidence: string) {
  const { environment, inside: place } = asked;
  const index = await raftIndex(scene);
  const logged = await logLengths(scene);
  const opened = await activeOpens(scene);
  const from = performance.now();
  const run = await scene.cluster.run(
    process.execPath,
    [program, 'verify', ...asked.parameters, '--report=json', `--save-evidence=${evidence}`],
    {
      ...(environment && { environment }),
      ...(place !== undefined && { inside: place }),
      timeoutMilliseconds: 120_000,
    },
  );
  const seconds = (performance.now() - from) / 1000;
  const connections = (await activeOpens(scene)) - opened;
  const after = await raftIndex(scene);
  const lines = [...(await newLines(scene, logged)).values()];
  return {
    run,
    seconds,
    ...(place === undefined && { connections }),
    lines: Math.max(...lines.map((each) => each.length)),
    ...(index !== undefined && after !== undefined && { raft: after - index }),
  };
}

/** The whole report is the same for saved evidence: nothing of it may differ (docs/verify.md, Evidence). */
async function judgedAgain(
  { cluster }: Scene,
  { stdout, code }: Ended,
  evidence: string,
): Promise<readonly string[]> {
  if (stdout === '') return [];
  const again = await cluster.run(
    process.execPath,
    [program, 'check', `--evidence=${evidence}`, '--report=json'],
    { timeoutMilliseconds: 60_000 },
  );
  await rm(evidence);
  if (again.stdout === '') return [`check --evidence ended with ${again.code}: ${again.stderr}`];
  const exits = again.code === code ? [] : [`exit ${again.code} instead of ${code}`];
  return [...exits, ...differences(JSON.parse(stdout), JSON.parse(again.stdout))];
}

async function keep(
  directory: string | undefined,
  name: string,
  report: string,
  logs: readonly (readonly string[])[],
): Promise<void> {
  if (directory === undefined) return;
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, `${name}.json`), report);
  await writeFile(join(directory, `${name}.log`), logs.flat().join('\n'));
}

/** All processes that write a log here. */
function writers({ cluster, spare }: Scene): readonly string[] {
  return [...cluster.members.map(({ name }) => name), spare.node.name];
}

async function logLengths(scene: Scene): Promise<ReadonlyMap<string, number>> {
  const lengths = new Map<string, number>();
  for (const name of writers(scene)) lengths.set(name, (await scene.log(name)).length);
  return lengths;
}

async function newLines(
  scene: Scene,
  from: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lines = new Map<string, readonly string[]>();
  for (const name of writers(scene)) {
    const text = (await scene.log(name)).slice(from.get(name) ?? 0);
    lines.set(
      name,
      text.split('\n').filter((line) => line !== ''),
    );
  }
  return lines;
}

/** Connections that the client's host has begun so far. */
async function activeOpens(scene: Scene): Promise<number> {
  const [, values = ''] = (await inside(scene, undefined, 'grep ^Tcp: /proc/net/snmp')).split('\n');
  return Number(values.split(' ')[5]);
}

/** The highest index that any member reports, read without adding an entry. */
async function raftIndex({ cluster, binaries }: Scene): Promise<number | undefined> {
  const asking = cluster.members.map(async (member) => {
    const flags = clientFlags([member], cluster.certificates);
    const limits = ['--dial-timeout=1s', '--command-timeout=1s'];
    const { stdout } = await cluster.run(
      binaries.etcdctl,
      [...flags, ...limits, 'endpoint', 'status', '-w', 'json'],
      asApi3,
    );
    const index = /"raftIndex":(\d+)/.exec(stdout)?.[1];
    return index === undefined ? [] : [Number(index)];
  });
  const told = (await Promise.all(asking)).flat();
  return told.length === 0 ? undefined : Math.max(...told);
}

function explainedBy(lines: ReadonlyMap<string, readonly string[]>): readonly Cited[] {
  const explainer = logExplainer();
  for (const each of lines.values()) for (const line of each) explainer.add(line);
  const { conclusion, also } = explainer.incident();
  return [...(conclusion === undefined ? [] : [conclusion]), ...also]
    .filter((episode) => !episode.explanation.harmless)
    .filter((episode) => episode === conclusion || episode.explanation.confidence !== 'open')
    .map(({ explanation: { cause, confidence, line } }) => ({
      cause,
      isOpen: confidence === 'open',
      line: line.text,
    }));
}
