import type { Edge } from '../../src/model/forecast.ts';
import { refusingSide } from '../truth/observation.ts';
import { isReset, said } from '../truth/words.ts';
import type { OracleClient } from './oracle-client.ts';
import type { Heard } from './trial.ts';

/** In what a forecast and a real program can differ. */
type Respect = 'edge' | 'outcome' | 'side' | 'client text' | 'server text';

/** Why something of a connection could not be compared. The list is closed. */
type Reason =
  | 'the forecast is not sure'
  | 'no client text predicted'
  | 'the program has words of its own'
  | 'the program sends alerts of its own'
  | 'the program does not say why'
  | 'etcd logs nothing about it';

/** One connection of a real program, predicted and made. */
export interface Compared {
  readonly to: string;
  /** `in-outcome`: equal in everything that could be compared, but not every text could be. */
  readonly verdict: 'equal' | 'in-outcome' | 'differs' | 'not-compared';
  readonly about: readonly Respect[];
  readonly reasons: readonly Reason[];
  readonly forecast: string;
  readonly real: string;
}

type Spoken = Heard['answers'][number];

/** Compares what a program did with the edges that are predicted for it. */
export function judge(client: OracleClient, answer: Spoken, edges: readonly Edge[]): Compared {
  const edge = edges.find((each) => each.edge === 'client' && each.to === answer.to);
  const self = edges.find((each) => each.edge === 'self' && each.from === edge?.member);
  const { about, reasons } = differencesOf(client, answer, edge, self);
  return {
    to: answer.to,
    verdict: verdictOf(about, reasons),
    about,
    reasons,
    forecast: edge === undefined ? 'none' : describeEdge(edge),
    real: describeAnswer(answer),
  };
}

interface Judgement {
  readonly about: readonly Respect[];
  readonly reasons: readonly Reason[];
}

const nothing: Judgement = { about: [], reasons: [] };

function verdictOf(about: readonly Respect[], reasons: readonly Reason[]): Compared['verdict'] {
  if (about.length > 0) return 'differs';
  if (reasons.length === 0) return 'equal';
  return reasons.includes('the forecast is not sure') ? 'not-compared' : 'in-outcome';
}

function differencesOf(
  client: OracleClient,
  answer: Spoken,
  edge: Edge | undefined,
  self: Edge | undefined,
): Judgement {
  if (edge === undefined) return { about: ['edge'], reasons: [] };
  if (edge.outcome === 'not-sure') return { about: [], reasons: ['the forecast is not sure'] };
  if (edge.outcome === 'accepted' && client.gateway === true && self?.outcome === 'refused') {
    // The connection is accepted, and the gateway behind it gets no answer.
    return answer.outcome === 'refused' ? nothing : { about: ['outcome'], reasons: [] };
  }
  if (edge.outcome !== answer.outcome) return { about: ['outcome'], reasons: [] };
  if (edge.outcome === 'accepted') return nothing;
  const judgements = [
    sideOf(edge, answer),
    clientText(client, edge, answer),
    serverText(client, edge, answer),
  ];
  return {
    about: judgements.flatMap(({ about }) => about),
    reasons: judgements.flatMap(({ reasons }) => reasons),
  };
}

/** By the listener's own words, where it has heard of the connection. */
function sideOf({ refusedBy }: Edge, { serverWords, words }: Spoken): Judgement {
  if (refusedBy === 'start') {
    if (serverWords.length > 0) return { about: ['side'], reasons: [] };
    const isAway = words.some((line) => /refused|unreachable|UNAVAILABLE|deadline/i.test(line));
    return isAway ? nothing : { about: [], reasons: ['the program does not say why'] };
  }
  if (refusedBy === 'never-dials') {
    // Some connect first and look at their files then.
    return serverWords.every(isReset) ? nothing : { about: ['side'], reasons: [] };
  }
  if (serverWords.length === 0) return nothing;
  return refusingSide(serverWords) === refusedBy ? nothing : { about: ['side'], reasons: [] };
}

function clientText(
  client: OracleClient,
  { clientError, refusedBy }: Edge,
  { words }: Spoken,
): Judgement {
  if (refusedBy === 'start') return nothing;
  if (clientError === undefined) return { about: [], reasons: ['no client text predicted'] };
  const printed = client.prints === undefined ? clientError : client.prints(clientError);
  if (printed === undefined) return { about: [], reasons: ['the program has words of its own'] };
  if (said(printed, words)) return nothing;
  const isSilent = words.every(
    (line) => isReset(line) || endOfConnection.test(line) || !saysWhy.test(line),
  );
  return isSilent
    ? { about: [], reasons: ['the program does not say why'] }
    : { about: ['client text'], reasons: [] };
}

/** OpenSSL's words for an end that overtakes the alert. */
const endOfConnection = /EOF occurred in violation of protocol|unexpected eof/;

const saysWhy = /\btls: |x509: |SSL.*[Ee]rror|alert |certificate (?:verify|has|is)|unable to/;

function serverText(
  { ownAlerts }: OracleClient,
  { serverError, refusedBy }: Edge,
  { serverWords }: Spoken,
): Judgement {
  if (serverError === undefined || refusedBy === 'start') return nothing;
  if (ownAlerts === true && refusedBy === 'client') {
    return { about: [], reasons: ['the program sends alerts of its own'] };
  }
  if (serverWords.length === 0) return { about: [], reasons: ['etcd logs nothing about it'] };
  return said(serverError, serverWords) ? nothing : { about: ['server text'], reasons: [] };
}

function describeEdge({ outcome, refusedBy, clientError, serverError }: Edge): string {
  return describe(outcome, refusedBy, [clientError, serverError]);
}

function describeAnswer({ outcome, words, serverWords }: Spoken): string {
  const telling = words.filter((line) => /tls|x509|ssl|certificate|refused|EOF|rror/i.test(line));
  return describe(outcome, undefined, [
    (telling.length > 0 ? telling : words).at(-1),
    serverWords.at(-1),
  ]);
}

function describe(
  outcome: string,
  side: string | undefined,
  [client, server]: readonly (string | undefined)[],
): string {
  const texts = [
    ...(client === undefined ? [] : [`client: ${client.slice(0, 400)}`]),
    ...(server === undefined ? [] : [`etcd: ${server}`]),
  ];
  const by = side === undefined ? '' : ` by ${side}`;
  return [`${outcome}${by}`, ...texts].join(' | ');
}
