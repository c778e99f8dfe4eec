import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { type CauseCode, causes } from './cause.ts';
import { causeOfEdge } from './cause-of-edge.ts';
import type { Explanation } from './explain.ts';
import { groupBy } from '../model/group-by.ts';
import { isLoopback } from '../model/host.ts';

/** A refusal that files foretell and that leaves the very line which was read. */
export interface Foretold {
  readonly edge: Edge;
  readonly cause: CauseCode;
}

/** The refusals among the handshakes of a cert set that a line can come from. Pure. */
export function foretoldBy(
  explanation: Explanation,
  edges: readonly Edge[],
  members: readonly Member[],
): readonly Foretold[] {
  const { line } = explanation;
  const text = shapeOf(line.text);
  return edges
    .filter(({ outcome, wanted }) => outcome === 'refused' && wanted !== 'refused')
    .filter(({ port }) => line.port === undefined || line.port === port)
    .filter((edge) => isFrom(edge, line.remoteAddress, members))
    .filter((edge) => textsOf(edge, line.role).some((told) => text.includes(shapeOf(told))))
    .flatMap((edge) => {
      const cause = causeOfEdge(edge);
      return cause === undefined ? [] : [{ edge, cause }];
    });
}

/**
 * The explanation with what the set adds: where all refusals that fit have one cause, and the words
 * of the line left others open, it is that one.
 */
export function withForetold(explanation: Explanation, foretold: readonly Foretold[]): Explanation {
  const [first] = foretold;
  const isOne = foretold.every(({ cause }) => cause === first?.cause);
  if (first === undefined || !isOne) return explanation;

  const { edge, cause } = first;
  const evidence = [...explanation.evidence, ...inWords(foretold)];
  if (explanation.confidence === 'certain' || explanation.cause === cause) {
    return { ...explanation, evidence };
  }
  const { lookNext: _decided, ...rest } = explanation;
  return {
    ...rest,
    cause,
    title: causes[cause].title,
    remedy: sentence(edge.remedy ?? causes[cause].remedy),
    evidence: inWords(foretold),
    confidence: 'likely',
    alternatives: explanation.alternatives.filter((other) => other.cause !== cause),
    harmless: false,
  };
}

/** Who refuses whom with which words; those with the same words and the same end together. */
function inWords(foretold: readonly Foretold[]): readonly string[] {
  const groups = groupBy(
    foretold,
    ({ edge: { to, refusedBy, clientError, serverError, rule } }) => {
      const told = (refusedBy === 'server' ? serverError : clientError) ?? serverError ?? rule;
      return `${refusedBy === 'server' ? `is rejected by ${to}` : `rejects ${to}`}: ${told}`;
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

/** Who dials from where: members from their addresses, clients from anywhere, a member itself from loopback. */
function isFrom(edge: Edge, address: string | undefined, members: readonly Member[]): boolean {
  if (address === undefined || edge.edge === 'client') return true;
  const dialling = members.find(({ name }) => name === edge.from);
  const isOwn = dialling?.addresses.includes(address) === true;
  return edge.edge === 'self' ? isOwn || isLoopback(address) : isOwn;
}

/** Times and numbers differ from run to run. */
function shapeOf(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '@');
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
