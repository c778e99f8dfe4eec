import {
  type DeployedLiveFacts,
  deployLiveFacts,
  type LiveFacts,
} from '../../src/model/live-facts.ts';
import {
  type AtEndpoint,
  type Endpoint,
  endpointName,
  endpointTarget,
} from '../../src/model/live.ts';

/** What probes saw, as the deployment has it, of endpoints that are known without one. */
export function deployed(facts: LiveFacts, endpoints: readonly Endpoint[]): DeployedLiveFacts;
export function deployed(
  facts: LiveFacts,
  endpoints: readonly Endpoint[],
): Partial<DeployedLiveFacts> {
  return deployLiveFacts(facts, ({ url }) => {
    const dialled = endpoints.find((each) => each.url === url);
    if (dialled === undefined) throw new Error(`${url} was not to be looked at`);
    const endpoint = { ...dialled, url: endpointName(url) };
    return { endpoint, target: endpointTarget(endpoint) };
  });
}

/** Observations as evidence holds them. */
export function undeployed(facts: Partial<DeployedLiveFacts>): Partial<LiveFacts>;
export function undeployed(facts: Readonly<Record<string, readonly AtEndpoint[]>>): object {
  return Object.fromEntries(
    Object.entries(facts).map(([name, all]) => [
      name,
      all.map(({ endpoint, ...seen }) => ({
        ...without(seen, 'target'),
        url: String(endpoint.url),
      })),
    ]),
  );
}

function without(value: object, name: string): object {
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
}
