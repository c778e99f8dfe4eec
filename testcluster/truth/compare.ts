import type { Edge } from '../../src/model/forecast.ts';
import type { Observation } from './observation.ts';

/** One edge, as it was foretold and as it was seen. */
export interface Comparison {
  readonly edge: string;
  readonly verdict: 'equal' | 'differs' | 'not-sure' | 'unseen';
  readonly forecast: string;
  readonly real: string;
  /** Not dialled: the process had ended, and its last words stand for all edges to it. */
  readonly inferred: boolean;
  /** A text was foretold, and the side that should say it was not heard at all. */
  readonly unheard: boolean;
  /** In which respects they differ. */
  readonly about: readonly ('outcome' | 'side' | 'client text' | 'server text' | 'edge')[];
}

/** Sets what was foretold beside what was seen, edge by edge. */
export function compare(
  forecast: readonly Edge[],
  observations: readonly Observation[],
): readonly Comparison[] {
  const foretold = new Map(forecast.map((edge) => [edgeName(edge), edge]));
  return observations.map((seen): Comparison => {
    const edge = foretold.get(edgeName(seen));
    const inferred = seen.refusedBy === 'start' || seen.refusedBy === 'never-dials';
    const unheard = edge !== undefined && isUnheard(edge, seen);
    const real = describe(seen.outcome, seen.refusedBy, [
      // The last words are those that matter when a process has ended.
      ...(seen.refusedBy === 'start' ? seen.serverWords.toReversed() : seen.serverWords),
      ...seen.clientWords,
    ]);
    return edge === undefined
      ? {
          edge: edgeName(seen),
          forecast: 'none',
          real,
          inferred,
          unheard,
          ...withoutForecast(seen),
        }
      : {
          edge: edgeName(seen),
          forecast: describe(edge.outcome, edge.refusedBy, [
            ...(edge.serverError === undefined ? [] : [edge.serverError]),
            ...(edge.clientError === undefined ? [] : [edge.clientError]),
          ]),
          real,
          inferred,
          unheard,
          ...judge(edge, seen),
        };
  });
}

function edgeName({ edge, from, to }: Pick<Edge, 'edge' | 'from' | 'to'>): string {
  return `${edge} ${from} -> ${to}`;
}

/** Whoever does not exist, cannot be seen, or is a stranger turned away need not be foretold. */
function withoutForecast(seen: Observation): Pick<Comparison, 'verdict' | 'about'> {
  const isGone = seen.refusedBy === 'start' || seen.refusedBy === 'never-dials';
  const isStranger = seen.edge === 'intruder' && seen.outcome === 'refused';
  return seen.outcome === 'unseen' || isGone || isStranger
    ? { verdict: 'unseen', about: [] }
    : { verdict: 'differs', about: ['edge'] };
}

function judge(edge: Edge, seen: Observation): Pick<Comparison, 'verdict' | 'about'> {
  if (seen.outcome === 'unseen') {
    return { verdict: 'unseen', about: [] };
  }
  if (edge.outcome === 'not-sure') {
    return { verdict: 'not-sure', about: [] };
  }
  const about = differences(edge, seen);
  return { verdict: about.length === 0 ? 'equal' : 'differs', about };
}

function differences(edge: Edge, seen: Observation): Comparison['about'] {
  if (edge.outcome !== seen.outcome) {
    return ['outcome'];
  }
  if (edge.refusedBy !== undefined && seen.refusedBy !== undefined) {
    if (edge.refusedBy !== seen.refusedBy) {
      return ['side'];
    }
  }
  return [
    ...(isSaid(edge.clientError, seen.clientWords, seen.refusedBy) ? [] : ['client text' as const]),
    ...(isSaid(edge.serverError, seen.serverWords, undefined) ? [] : ['server text' as const]),
  ];
}

/**
 * Whether a text is among what was said. Nothing said is no contradiction: not every log can be read,
 * and a reset may overtake the alert of TLS 1.3.
 */
function isSaid(
  text: string | undefined,
  words: readonly string[],
  refusedBy: Observation['refusedBy'],
): boolean {
  const heard = words.map(normal).filter((line) => !isReset(line));
  const isGone = refusedBy === 'start' || refusedBy === 'never-dials';
  return (
    text === undefined ||
    heard.length === 0 ||
    isGone ||
    heard.some((line) => line.includes(normal(text)))
  );
}

function isSilent(words: readonly string[]): boolean {
  return words.every((line) => isReset(normal(line)));
}

function isUnheard(edge: Edge, { clientWords, serverWords }: Observation): boolean {
  return (
    (edge.clientError !== undefined && isSilent(clientWords)) ||
    (edge.serverError !== undefined && isSilent(serverWords))
  );
}

function isReset(line: string): boolean {
  return /^EOF$|connection reset by peer|broken pipe|use of closed connection/.test(line);
}

/** Without what differs from run to run: the time, ports, and what a resolver adds. */
function normal(text: string): string {
  return text
    .replaceAll('\\', '')
    .replaceAll(/current time \S+ /g, 'current time … ')
    .replaceAll(/(\d+\.\d+\.\d+\.\d+):\d+/g, '$1')
    .replaceAll(/\/\S*\/cluster\/set\/certs\//g, '/etc/ssl/certs/etcd/')
    .replaceAll(/ \(lookup .*?\)/g, '');
}

function describe(outcome: string, side: string | undefined, words: readonly string[]): string {
  const [said] = words.filter((line) => line !== '');
  const by = side === undefined ? '' : ` by ${side}`;
  return `${outcome}${by}${said === undefined ? '' : `: ${normal(said)}`}`;
}
