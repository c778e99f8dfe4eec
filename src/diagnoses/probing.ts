import { largest, smallest } from '../model/extremes.ts';
import type { CauseCode } from './cause.ts';
import { type Episode, says } from './episode.ts';
import type { Explanation } from './explain.ts';
import { standings } from './standing.ts';

/** What rejections from an address that tries every door come to: `verify`, or a scanner. */
export const probe: Partial<Explanation> = {
  cause: 'UNKNOWN',
  title: 'one address was rejected for many different reasons, as a scanner or `verify` is',
  remedy: '',
  confidence: 'open',
  standing: standings.consequence,
  lookNext:
    'what ran at that address at that moment; a client that is set up wrongly has one reason',
};

/**
 * Rejections of a client that tries everything: plain text, no certificate, one of an untrusted CA, a
 * member's from another address. Any other reason is the client's own, even if others tried too.
 */
const reasonsOfProbes: readonly CauseCode[] = [
  'SCHEME',
  'NOCERT',
  'NOCERT-PROBE',
  'CA-SERVER',
  'SAN-PEER',
  'VERSION',
];

/** Whether these lines are all rejections of such a client. */
export function isProbe(
  { explanation, remoteAddresses }: Episode,
  all: readonly Episode[],
): boolean {
  return (
    explanation.line.role === 'accepting' &&
    explanation.standing >= standings.protocol &&
    reasonsOfProbes.includes(explanation.cause) &&
    remoteAddresses.size > 0 &&
    [...remoteAddresses.keys()].every((address) => triesEverything(address, all))
  );
}

/** Different reasons for rejecting one address that no client set up wrongly has. */
const mostReasons = 3;

function triesEverything(address: string, all: readonly Episode[]): boolean {
  const own = all.filter(
    ({ explanation, remoteAddresses }) =>
      explanation.line.role === 'accepting' && remoteAddresses.has(address),
  );
  const probes = own.filter(({ explanation }) => reasonsOfProbes.includes(explanation.cause));
  const reasons = new Set(probes.map(({ explanation }) => explanation.cause));
  return (
    own.some((episode) => says(episode, 'ancient-hello')) ||
    reasons.size >= mostReasons ||
    (reasons.size > 1 && areAtOnce(probes))
  );
}

/** How long a run of `verify` takes at most to knock at one member. */
const onceMilliseconds = 3000;

/** A client that is set up wrongly fails in one way, and again and again. */
function areAtOnce(episodes: readonly Episode[]): boolean {
  const times = episodes.flatMap(({ firstTime = '', lastTime = firstTime }) => [
    Date.parse(firstTime),
    Date.parse(lastTime),
  ]);
  return largest(times) - smallest(times) <= onceMilliseconds;
}
