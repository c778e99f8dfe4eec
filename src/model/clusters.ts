import type { Deployment } from './deployment.ts';
import type { FileFact } from './files.ts';
import type { Client, Member } from './inventory.ts';
import { isAt, type SeenEndpoint } from './live.ts';
import { filterLiveFacts, liveFactsOf } from './live-facts.ts';

/**
 * The deployment as one for each of its clusters; itself where it is one cluster. A file that only
 * another cluster uses is left out, an unused one is in all of them, as is an endpoint whose
 * cluster is unknown.
 */
export function byCluster(deployment: Deployment): readonly Deployment[] {
  const { members = [] } = deployment.facts;
  const names = [...new Set(members.map(({ cluster }) => cluster))];
  return names.length < 2 ? [deployment] : names.map((name) => only(deployment, name));
}

/** The cluster that a deployment is of; absent where there is but one. */
export function clusterOf({ facts }: Deployment): string | undefined {
  return facts.members?.[0]?.cluster;
}

function only(deployment: Deployment, name: string | undefined): Deployment {
  const { facts } = deployment;
  const { members = [], clients = [], files } = facts;
  const isOwn = ({ cluster }: Member | Client): boolean => cluster === name;
  return {
    ...deployment,
    facts: {
      ...facts,
      ...filterLiveFacts(liveFactsOf(facts), ({ endpoint }) =>
        [name, undefined].includes(ownerOf(endpoint, facts)),
      ),
      members: members.filter(isOwn),
      ...(facts.clients && { clients: clients.filter(isOwn) }),
      ...(files && { files: filesOf(files, [...members, ...clients], isOwn) }),
    },
  };
}

type Party = Member | Client;

function filesOf(
  files: readonly FileFact[],
  parties: readonly Party[],
  isOwn: (party: Party) => boolean,
): readonly FileFact[] {
  const used = (by: readonly Party[]): ReadonlySet<string> =>
    new Set(by.flatMap((party) => party.files.flatMap(({ file }) => file ?? [])));
  const own = used(parties.filter(isOwn));
  const others = used(parties.filter((party) => !isOwn(party)));
  return files.filter(({ path }) => own.has(path) || !others.has(path));
}

function ownerOf(
  endpoint: SeenEndpoint,
  { members = [], clients = [] }: Deployment['facts'],
): string | undefined {
  const owner =
    members.find(({ name }) => name === endpoint.member) ??
    members.find(({ settings, host }) =>
      [
        ...settings.advertiseClientUrls.value,
        ...settings.listenClientUrls.value,
        ...settings.initialAdvertisePeerUrls.value,
        ...settings.listenPeerUrls.value,
      ].some((url) => isAt(endpoint, { url, host })),
    ) ??
    clients.find(({ endpoints, host }) =>
      endpoints.value.some((url) => isAt(endpoint, { url, host })),
    );
  return owner?.cluster;
}
