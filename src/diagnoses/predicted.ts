import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { type CauseCode, causes } from './cause.ts';
import { causeOfEdge } from './cause-of-edge.ts';
import type { Explanation } from './explain.ts';
import { groupBy } from '../model/group-by.ts';
import { isLoopback } from '../model/host.ts';

/** A rejection that the files predict and that logs the line that was read. */
export interface PredictedRejection {
  readonly edge: Edge;
  readonly cause: CauseCode;
}

/** The refusals among the handshakes of a cert set that a line can come from. Pure. */
export function rejectionsPredictedBy(
  explanation: Explanation,
  edges: readonly Edge[],
  members: readonly Member[],
): readonly PredictedRejection[] {
  const { line } = explanation;
  const read = shapeOf(line.text);
  return edges
    .filter(({ outcome, wanted }) => outcome === 'refused' && wanted !== 'refused')
    .filter(({ port }) => line.port === undefined || line.port === port)
    .filter((edge) => isFrom(edge, line.remoteAddress, members))
    .filter((edge) => textsOf(edge, line.role).some((text) => read.includes(shapeOf(text))))
    .flatMap((edge) => {
      const cause = causeOfEdge(edge);
      return cause === undefined ? [] : [{ edge, cause }];
    });
}

/**
 * The explanation with what the set adds: where all refusals that fit have one cause, and the words
 * of the line left others open, it is that one.
 */
export function withPredictions(
  explanation: Explanation,
  predicted: readonly PredictedRejection[],
): Explanation {
  const [first] = predicted;
  const isOne = predicted.every(({ cause }) => cause === first?.cause);
  if (first === undefined || !isOne) return explanation;

  const { edge, cause } = first;
  const evidence = [...explanation.evidence, ...inWords(predicted)];
  if (explanation.confidence === 'certain' || explanation.cause === cause) {
    return { ...explanation, evidence };
  }
  const { lookNext: _decided, ...rest } = explanation;
  return {
    ...rest,
    cause,
    title: causes[cause].title,
    remedy: sentence(edge.remedy ?? causes[cause].remedy),
    evidence: inWords(predicted),
    confidence: 'likely',
    alternatives: explanation.alternatives.filter((other) => other.cause !== cause),
    harmless: false,
  };
}

/** Rejections in words, grouped by text and endpoint. */
function inWords(predicted: readonly PredictedRejection[]): readonly string[] {
  const groups = groupBy(
    predicted,
    ({ edge: { to, refusedBy, clientError, serverError, rule } }) => {
      const text = (refusedBy === 'server' ? serverError : clientError) ?? serverError ?? rule;
      return `${refusedBy === 'server' ? `is rejected by ${to}` : `rejects ${to}`}: ${text}`;
    },
    ({ edge }) => edge.from,
  );
  return [...groups]
    .slice(0, 3)
    .map(([what, names]) => `predicted from the set: ${names.slice(0, 3).join(', ')} ${what}`);
}

/** What the edge leaves in the log of the side that wrote the line. */
function textsOf(
  { clientError, serverError }: Edge,
  role: 'accepting' | 'dialling' | undefined,
): readonly string[] {
  const mine = role === 'accepting' ? [] : [clientError];
  const theirs = role === 'dialling' ? [] : [serverError];
  return [...mine, ...theirs].flatMap((text) => (text === undefined || text === '' ? [] : [text]));
}

/** Source addresses: members connect from their addresses, clients from anywhere, a member itself from loopback. */
function isFrom(edge: Edge, address: string | undefined, members: readonly Member[]): boolean {
  if (address === undefined || edge.edge === 'client') return true;
  const source = members.find(({ name }) => name === edge.from);
  const isOwn = source?.addresses.includes(address) === true;
  return edge.edge === 'self' ? isOwn || isLoopback(address) : isOwn;
}

/** Times and numbers differ from run to run. */
function shapeOf(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '@');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
