import type { CauseCode } from '../../src/diagnoses/cause.ts';
import { applies } from '../truth/applies.ts';
import type { LiveResult } from './trial.ts';

/** What was named first, whether it is right, and what was named in addition without reason. */
export interface Judged {
  readonly named: string;
  readonly isRight: boolean;
  readonly others: readonly string[];
}

const severities = ['critical', 'high', 'medium', 'low', 'info'];

/** The first of the worst findings that name a cause. */
export function judgeVerify({ fault, findings }: LiveResult): Judged {
  const naming = findings
    .toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity))
    .filter(({ cause }) => cause !== undefined);
  const judged = judge(
    naming.flatMap(({ cause }) => cause ?? []),
    fault.verify,
  );
  const [first] = naming;
  if (fault.isUndecided !== true || first === undefined) return judged;

  const possible = [first.cause, ...first.alternatives];
  return {
    ...judged,
    named: possible.join(' or '),
    isRight: fault.verify.every((cause) => possible.includes(cause)),
  };
}

/** The most frequent kind of line that is not harmless. */
export function judgeExplain(row: LiveResult): Judged {
  const expected = expectedOfLog(row);
  const { others, ...judged } = judge(
    row.explained.map(({ cause }) => cause),
    expected,
  );
  const isTrue = (cause: string) => row.fault.alsoTrue?.some((code) => code === cause) === true;
  const isRight = judged.isRight || (expected.length === 0 && isTrue(judged.named));
  return { ...judged, isRight, others: others.filter((cause) => !isTrue(cause)) };
}

function expectedOfLog({ fault, version }: LiveResult): readonly CauseCode[] {
  const { name, what, quietSince, explain } = fault;
  const isQuiet =
    quietSince !== undefined && applies({ name, what, changes: {}, since: quietSince }, version);
  return isQuiet ? [] : explain;
}

function judge(named: readonly CauseCode[], expected: readonly CauseCode[]): Judged {
  const [top] = named;
  const isRight = top === undefined ? expected.length === 0 : expected.includes(top);
  const others = [...new Set(named)].filter((cause) => cause !== top && !expected.includes(cause));
  return { named: top ?? 'nothing', isRight, others };
}

/** Both named it, and nothing false in addition. */
export function isGood(row: LiveResult): boolean {
  return [judgeVerify(row), judgeExplain(row)].every(
    ({ isRight, others }) => isRight && others.length === 0,
  );
}

/** The line that scripts read. */
export function liveSummary(rows: readonly LiveResult[]): string {
  const right = (how: (row: LiveResult) => Judged) => rows.filter((row) => how(row).isRight).length;
  const others = rows.flatMap((row) => [...judgeVerify(row).others, ...judgeExplain(row).others]);
  return (
    `verify named ${right(judgeVerify)} of ${rows.length}, explain ${right(judgeExplain)} of ` +
    `${rows.length}, ${others.length} false causes in addition`
  );
}

/** The page that says how far causes may be trusted. */
export function livePage(rows: readonly LiveResult[]): string {
  return [
    '# How accurate the named causes are',
    '',
    'Written by `npm run live-truth`, which starts real etcd, lets something happen to it, and asks',
    '`verify` and, with the log that this etcd wrote, `explain` for the cause.',
    '',
    '**Goal: all named right, nothing false in addition.**',
    '',
    `**${liveSummary(rows)}**`,
    '',
    '"Nothing" is expected of `verify` where nothing is wrong, and of `explain` where etcd writes nothing',
    'about it: a process that has ended or hangs writes no line.',
    '',
    'Two causes joined by "or" can be told apart only on the hosts themselves: `verify` has to',
    'name both and the command or log that decides. Alert 42 in a log is one line for every reason that a client has to',
    'refuse: `explain` has to say that it cannot tell, unless `--set` gives it the cert set.',
    '',
    "The clock of a member is shifted in that process's own copy of the vDSO, where Go reads it.",
    'Addresses are translated and dropped by iptables, in network namespaces. A sample runs in containers too.',
    '',
    '| fault | etcd | where | expected of verify | verify | expected of explain | explain | equal |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(tableRow),
    '',
  ].join('\n');
}

const places = { native: 'process', netns: 'namespaces', docker: 'containers' } as const;

function tableRow(row: LiveResult): string {
  const { fault, version, runtime } = row;
  const [verify, explain] = [judgeVerify(row), judgeExplain(row)];
  const cells = [
    `${fault.name}: ${fault.what}`,
    version,
    places[runtime],
    expectation(fault.verify),
    cell(verify),
    expectation(expectedOfLog(row)),
    cell(explain),
    isGood(row) ? 'yes' : '**no**',
  ];
  return `| ${cells.join(' | ')} |`;
}

function expectation(codes: readonly string[]): string {
  return codes.length === 0 ? 'nothing' : codes.join(' or ');
}

function cell({ named, others }: Judged): string {
  return others.length === 0 ? named : `${named}, in addition ${others.join(', ')}`;
}
