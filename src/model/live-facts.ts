import type { DeployedLiveFacts, LiveFacts } from '../schema/live.ts';
import { type CollectedFacts, type Facts, isLive } from './evidence.ts';
import type { AtEndpoint, Seen } from './live.ts';

export type { DeployedLiveFacts, LiveFacts } from '../schema/live.ts';

type AnyFacts = Readonly<Record<string, readonly unknown[]>>;

/** The endpoint of an observation, as evidence names it. */
type Place = Pick<Seen<AtEndpoint>, 'url' | 'host' | 'address'>;

/** What files say, before anything is concluded from it. */
const sources: ReadonlySet<string> = new Set(
  Object.keys({
    texts: true,
    directories: true,
    writeAheadLogs: true,
    settings: true,
    inventory: true,
    hosts: true,
    builds: true,
  } satisfies Readonly<Record<Exclude<keyof CollectedFacts, keyof Facts>, true>>),
);

/** Of all facts those that `verify` alone can see. */
export function liveFactsOf(facts: Partial<Facts>): Partial<DeployedLiveFacts>;
export function liveFactsOf(facts: Partial<CollectedFacts>): Partial<LiveFacts>;
export function liveFactsOf(facts: object): object {
  return Object.fromEntries(
    Object.entries(facts).filter(([name]) => isLive(name) && !sources.has(name)),
  );
}

/** Facts or gaps but for what a look at the running cluster says. */
export function withoutLive<All extends object>(all: All): All;
export function withoutLive(all: object): object {
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !isLive(name) || sources.has(name)),
  );
}

/** The same facts, of some endpoints only. */
export function filterLiveFacts(
  facts: Partial<DeployedLiveFacts>,
  keeps: (seen: AtEndpoint) => boolean,
): Partial<DeployedLiveFacts>;
export function filterLiveFacts(
  facts: Partial<LiveFacts>,
  keeps: (seen: Place) => boolean,
): Partial<LiveFacts>;
export function filterLiveFacts<Observation>(
  facts: Readonly<Record<string, readonly Observation[]>>,
  keeps: (seen: Observation) => boolean,
): AnyFacts {
  return Object.fromEntries(Object.entries(facts).map(([name, all]) => [name, all.filter(keeps)]));
}

/** The same facts, with what the deployment adds to each observation. */
export function deployLiveFacts(
  facts: Partial<LiveFacts>,
  add: (place: Place) => AtEndpoint,
): Partial<DeployedLiveFacts>;
export function deployLiveFacts(
  facts: Readonly<Record<string, readonly Place[]>>,
  add: (place: Place) => AtEndpoint,
): AnyFacts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, all]) => [
      name,
      all.map(({ url, host, address, ...seen }) => {
        const at = {
          ...(host !== undefined && { host }),
          ...(address !== undefined && { address }),
        };
        return { ...add({ url, ...at }), ...seen };
      }),
    ]),
  );
}

/** What was seen of several endpoints, as one. */
export function joinLiveFacts<Joined extends Partial<LiveFacts>>(
  first: Joined,
  others: readonly Partial<Joined>[],
): Joined;
export function joinLiveFacts(first: AnyFacts, others: readonly AnyFacts[]): AnyFacts {
  const joined = new Map<string, unknown[]>();
  for (const [name, seen] of [first, ...others].flatMap((facts) => Object.entries(facts))) {
    joined.set(name, [...(joined.get(name) ?? []), ...seen]);
  }
  return Object.fromEntries(joined);
}
