import type { Edge } from '../../src/model/forecast.ts';
import type { Rule } from '../../src/model/refusal.ts';
import type { Observation } from './observation.ts';
import { isReset, said } from './words.ts';
import { isRuleOf } from './words-of-rules.ts';

/** What of an edge is compared. */
export type Respect =
  | 'outcome'
  | 'side'
  | 'client text'
  | 'server text'
  | 'rule'
  | 'blame'
  | 'member'
  | 'edge';

/** Why a predicted edge, or a part of it, could not be compared. The list is closed. */
export type Reason =
  | 'the forecast is not sure'
  | 'nothing dialled it'
  | 'this run cannot show it'
  | 'side not observed'
  | 'client not heard'
  | 'server not heard'
  | 'no client text predicted'
  | 'no server text predicted'
  | 'rule not shown by any text';

/** One edge, predicted and observed. */
export interface Comparison {
  readonly edge: string;
  /** Equal only when everything that a forecast says of an edge was compared. */
  readonly verdict: 'equal' | 'differs' | 'not-compared';
  readonly forecast: string;
  readonly real: string;
  /** In which respects they differ. */
  readonly about: readonly Respect[];
  /** Empty when everything was compared. */
  readonly reasons: readonly Reason[];
  /** The rule that the forecast names. */
  readonly rule?: Rule;
  /** On what the forecast says that the outcome depends. */
  readonly dependsOn: readonly string[];
}

export interface Circumstances {
  /** Whether the fault may be blamed on this: something that the fault changed. Not asked when absent. */
  readonly isBlamable?: (blame: Edge['blame']) => boolean;
}

/**
 * Compares a forecast with what was observed: every predicted edge once, and every observed edge that
 * was not predicted.
 */
export function compare(
  forecast: readonly Edge[],
  observations: readonly Observation[],
  circumstances: Circumstances = {},
): readonly Comparison[] {
  const seen = new Map(observations.map((each) => [edgeName(each), each]));
  const predicted = forecast.map((edge) => {
    const real = seen.get(edgeName(edge));
    return comparison(edge, real, judge(edge, real, observations, circumstances));
  });
  const names = new Set(forecast.map(edgeName));
  const surplus = observations
    .filter((each) => !names.has(edgeName(each)) && hadToBePredicted(each))
    .map((real) => comparison(undefined, real, { about: ['edge'], reasons: [] }));
  const twice = forecast
    .filter(
      (edge, index) => forecast.findIndex((each) => edgeName(each) === edgeName(edge)) !== index,
    )
    .map((edge) => comparison(edge, undefined, { about: ['edge'], reasons: [] }));
  return [...predicted, ...surplus, ...twice];
}

type Judgement = Pick<Comparison, 'about' | 'reasons'>;

function comparison(
  edge: Edge | undefined,
  real: Observation | undefined,
  { about, reasons }: Judgement,
): Comparison {
  const name = edge ?? real;
  return {
    edge: name === undefined ? '' : edgeName(name),
    verdict: verdictOf({ about, reasons }),
    forecast: edge === undefined ? 'none' : describeEdge(edge),
    real: real === undefined ? 'not dialled' : describeObservation(real),
    about,
    reasons,
    ...(edge === undefined ? {} : { rule: edge.rule }),
    dependsOn: edge?.dependsOn ?? [],
  };
}

function verdictOf({ about, reasons }: Judgement): Comparison['verdict'] {
  if (about.length > 0) return 'differs';
  return reasons.length > 0 ? 'not-compared' : 'equal';
}

/** Every member has loopback addresses of its own. */
function edgeName({
  edge,
  from,
  to,
  member,
}: Pick<Edge, 'edge' | 'from' | 'to' | 'member'>): string {
  const whose =
    /\/\/(?:127\.|localhost|\[::1\])/.test(to) && member !== undefined ? ` of ${member}` : '';
  return `${edge} ${from} -> ${to}${whose}`;
}

/** Connections of clients that never ran or were not seen, and rejected intruders, need not be predicted. */
function hadToBePredicted({ edge, outcome, refusedBy }: Observation): boolean {
  const isGone = refusedBy === 'start' || refusedBy === 'never-dials';
  return outcome !== 'unseen' && !isGone && !(edge === 'intruder' && outcome === 'refused');
}

function judge(
  edge: Edge,
  seen: Observation | undefined,
  all: readonly Observation[],
  circumstances: Circumstances,
): Judgement {
  if (edge.outcome === 'not-sure') return notCompared('the forecast is not sure');
  if (seen === undefined) return notCompared('nothing dialled it');
  if (edge.member !== undefined && seen.member !== undefined && edge.member !== seen.member) {
    return differs('member');
  }
  if (seen.outcome === 'unseen') return notCompared('this run cannot show it');
  if (edge.outcome !== seen.outcome) return differs('outcome');
  return edge.outcome === 'accepted'
    ? judgeAccepted(edge, all)
    : judgeRefused(edge, seen, circumstances);
}

function notCompared(reason: Reason): Judgement {
  return { about: [], reasons: [reason] };
}

function differs(respect: Respect): Judgement {
  return { about: [respect], reasons: [] };
}

/** The rule by which a connection is accepted shows in whether intruders are accepted as well. */
function judgeAccepted({ rule, to }: Edge, all: readonly Observation[]): Judgement {
  if (rule === 'etcd.plaintext')
    return to.startsWith('http:') ? { about: [], reasons: [] } : differs('rule');
  const anonymous = all.find(
    (each) => each.edge === 'intruder' && each.from === 'nobody' && each.to === to,
  );
  if (anonymous === undefined || anonymous.outcome === 'unseen') return { about: [], reasons: [] };
  const isOpen = anonymous.outcome === 'accepted';
  return isOpen === (rule === 'etcd.anonymous') || !isAboutIntruders(rule)
    ? { about: [], reasons: [] }
    : differs('rule');
}

function isAboutIntruders(rule: Rule): boolean {
  return rule === 'etcd.anonymous' || rule === 'etcd.mutual-tls';
}

function judgeRefused(edge: Edge, seen: Observation, circumstances: Circumstances): Judgement {
  const isGone = edge.refusedBy === 'start';
  const neverDials = edge.refusedBy === 'never-dials';
  const side = sideOf(edge, seen);
  const judgements = [
    side,
    // A client that connects to a process that has ended gets no answer, which is what `start` predicts.
    isGone ? none : text(edge.clientError, seen.clientWords, 'client'),
    neverDials && edge.serverError === undefined
      ? none
      : text(edge.serverError, seen.serverWords, 'server'),
    ruleOf(edge, seen),
    blameOf(edge, circumstances),
  ];
  return {
    about: judgements.flatMap(({ about }) => about),
    reasons: judgements.flatMap(({ reasons }) => reasons),
  };
}

const none: Judgement = { about: [], reasons: [] };

function sideOf(edge: Edge, seen: Observation): Judgement {
  // Where nothing listens, neither side refuses.
  if (edge.rule === 'network.nothing-listens' && seen.refusedBy === undefined) return none;
  if (edge.refusedBy === undefined) return differs('side');
  // etcdctl that never connects prints its error; a listener logs at most that other clients hang up.
  const isUnheard = seen.serverWords.every(isReset) && (seen.refusedBy ?? 'client') === 'client';
  if (edge.refusedBy === 'never-dials' && isUnheard) return none;
  if (seen.refusedBy === undefined) return notCompared('side not observed');
  return edge.refusedBy === seen.refusedBy ? none : differs('side');
}

function text(
  predicted: string | undefined,
  words: readonly string[],
  who: 'client' | 'server',
): Judgement {
  if (predicted !== undefined) {
    const heard = words.filter((line) => !isReset(line) || isReset(predicted));
    if (heard.length === 0) return notCompared(`${who} not heard`);
    return said(predicted, heard) ? none : differs(`${who} text`);
  }
  // Only words about certificates and TLS ask for a prediction: a hang-up has as many as there are clients.
  const isSilent = words.every((line) => !/\b(?:tls|x509): /.test(line));
  return isSilent ? none : notCompared(`no ${who} text predicted`);
}

/** By the words of the side that refuses: an alert on the other side has more than one possible reason. */
function ruleOf({ rule, refusedBy }: Edge, seen: Observation): Judgement {
  const ofServer = refusedBy === 'client' ? [] : seen.serverWords;
  const ofClient = refusedBy === 'server' ? [] : seen.clientWords;
  const words = [...ofServer, ...ofClient].filter((line) => !isReset(line));
  const hasEnded = seen.refusedBy === 'start' || seen.refusedBy === 'never-dials';
  if (words.length === 0) return notCompared('rule not shown by any text');
  // A process that panics over another error has not said which.
  const isHidden = hasEnded && words.some((line) => line.startsWith('panic: runtime error'));
  if (isHidden && rule !== 'etcd.refused-at-start')
    return notCompared('rule not shown by any text');
  return isRuleOf(rule, words, hasEnded) ? none : differs('rule');
}

/** Intruders are rejected for what they are; only a connection that ought to work has something at fault. */
function blameOf({ wanted, blame }: Edge, { isBlamable }: Circumstances): Judgement {
  if (wanted !== 'accepted' || isBlamable === undefined) return none;
  return isBlamable(blame) ? none : differs('blame');
}

function describeEdge({ outcome, refusedBy, serverError, clientError }: Edge): string {
  return describe(outcome, refusedBy, [serverError ?? '', clientError ?? '']);
}

function describeObservation({
  outcome,
  refusedBy,
  serverWords,
  clientWords,
}: Observation): string {
  // The last words are those that matter when a process has ended.
  const ordered = refusedBy === 'start' ? serverWords.toReversed() : serverWords;
  return describe(outcome, refusedBy, [...ordered, ...clientWords.slice(-1)]);
}

function describe(outcome: string, side: string | undefined, words: readonly string[]): string {
  const [first, ...others] = words.filter((line) => line !== '');
  const by = side === undefined ? '' : ` by ${side}`;
  const last = others.at(-1);
  const all = [first, last].filter((each) => each !== undefined).join(' | ');
  return `${outcome}${by}${all === '' ? '' : `: ${all}`}`;
}
