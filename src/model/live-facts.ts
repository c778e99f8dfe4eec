import type { LiveFacts } from '../schema/live.ts';
import { type CollectedFacts, type Facts, isLive } from './evidence.ts';
import type { Endpoint } from './live.ts';

export type { LiveFacts } from '../schema/live.ts';

/** What every live fact has: the endpoint that it was seen at. */
interface Seen {
  readonly endpoint: Endpoint;
}

type AnyFacts = Readonly<Record<string, readonly Seen[]>>;

/** What files say, before anything is concluded from it. */
const sources: ReadonlySet<string> = new Set(
  Object.keys({
    texts: true,
    settings: true,
    inventory: true,
    hosts: true,
    builds: true,
  } satisfies Readonly<Record<Exclude<keyof CollectedFacts, keyof Facts>, true>>),
);

/** Of all facts those that `verify` alone can see. */
export function liveFactsOf(facts: Partial<Facts & CollectedFacts>): Partial<LiveFacts>;
export function liveFactsOf(facts: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => isLive(name) && !sources.has(name)),
  );
}

/** The same facts, of some endpoints only. */
export function filterLiveFacts(
  facts: Partial<LiveFacts>,
  keeps: (endpoint: Endpoint) => boolean,
): Partial<LiveFacts>;
export function filterLiveFacts(facts: AnyFacts, keeps: (endpoint: Endpoint) => boolean): AnyFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, all]) => [
      name,
      all.filter(({ endpoint }) => keeps(endpoint)),
    ]),
  );
}

/** What was seen of several endpoints, as one. */
export function joinLiveFacts<Joined extends Partial<LiveFacts>>(
  first: Joined,
  others: readonly Partial<Joined>[],
): Joined;
export function joinLiveFacts(first: AnyFacts, others: readonly AnyFacts[]): AnyFacts {
  const joined = new Map<string, Seen[]>();
  for (const [name, seen] of [first, ...others].flatMap((facts) => Object.entries(facts))) {
    joined.set(name, [...(joined.get(name) ?? []), ...seen]);
  }
  return Object.fromEntries(joined);
}
