import { situations } from './index.ts';
import { concerns, isGood, type Judged, judgeExplain, judgeVerify } from './judge.ts';
import type { Trial } from './trial.ts';

/** The line that scripts read. */
export function situationsSummary(trials: readonly Trial[]): string {
  const right = (how: (trial: Trial) => Judged) =>
    trials.filter((trial) => how(trial).isRight).length;
  const others = trials.flatMap((trial) => [
    ...judgeVerify(trial).others,
    ...judgeExplain(trial).others,
  ]);
  const exits = trials.filter(({ exit, situation }) => exit === situation.exit).length;
  return (
    `verify right ${right(judgeVerify)} of ${trials.length}, exit code ${exits} of ${trials.length}, ` +
    `explain ${right(judgeExplain)} of ${trials.length}, ${others.length} false statements next to them`
  );
}

/** The page that says what is reported to an operator in each situation, and what that costs. */
export function situationsPage(trials: readonly Trial[]): string {
  const names = new Set(trials.map(({ situation }) => situation.name));
  return [
    '# What operators see',
    '',
    'Written by `npm run situations`, which makes each situation with real etcd in network namespaces, runs',
    '`verify` there as an operator would, and `explain` on what the members logged meanwhile. A run of some of',
    'them replaces their rows and leaves the others; what was seen is in [situations.jsonl](situations.jsonl).',
    'Seconds are those of two cores on which other tests ran too.',
    '',
    `**${situationsSummary(trials)}, in ${names.size} situations**`,
    '',
    ...notSeen(trials),
    '"Nothing" means that no finding was reported, or that no line of a log needs attention. Connections are',
    'those that the host of `verify` began, to all endpoints together; lines are the most that a run caused in',
    'the log of one member; raft is the growth of the raft index meanwhile. A dash: not available there.',
    '',
    '| situation | etcd | verify | exit | explain | seconds | connections | lines | raft | right |',
    '|---|---|---|---|---|---|---|---|---|---|',
    ...trials.map(tableRow),
    '',
  ].join('\n');
}

/** What could not be made with a release that others were made with. */
function notSeen(trials: readonly Trial[]): readonly string[] {
  const versions = [...new Set(trials.map(({ version }) => version))];
  const missing = versions.flatMap((version) =>
    situations
      .filter((situation) => concerns(situation, version))
      .filter(
        (situation) =>
          !trials.some((trial) => trial.situation === situation && trial.version === version),
      )
      .map(({ name }) => `${name} on ${version}`),
  );
  return missing.length === 0 ? [] : [`Not seen in this run: ${missing.join(', ')}.`, ''];
}

function tableRow(trial: Trial): string {
  const { situation, version, exit, seconds, connections, lines, raft } = trial;
  const cells = [
    `${situation.name}: ${situation.what}`,
    version,
    cell(judgeVerify(trial)),
    exit === situation.exit ? `${exit}` : `${exit}, not ${situation.exit}`,
    cell(judgeExplain(trial)),
    seconds.toFixed(1),
    connections ?? '–',
    lines,
    raft ?? '–',
    isGood(trial) ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function cell({ named, others }: Judged): string {
  return others.length === 0 ? named : `${named}; without reason: ${others.join(', ')}`;
}
