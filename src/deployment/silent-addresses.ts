import type { Assumption } from '../model/basis.ts';
import type { Facts } from '../model/evidence.ts';
import { groupBy } from '../model/group-by.ts';
import { enumerate } from '../model/words.ts';

/** Addresses of a name at which nothing answers: clients go on to the next one, and what was seen there says nothing of these. */
export function silentAddresses({ endpoints = [] }: Partial<Facts>): readonly Assumption[] {
  const silent = endpoints.flatMap(({ endpoint, speaks }) =>
    speaks === 'unreachable' && endpoint.serves === 'client' && endpoint.address !== undefined
      ? [{ host: endpoint.host, address: endpoint.address }]
      : [],
  );
  const byHost = groupBy(
    silent,
    ({ host }) => host,
    ({ address }) => address,
  );
  return [...byHost].map(([host, addresses]) => {
    const all = enumerate([...new Set(addresses)], 4);
    const because = `nothing answered at ${all}, to which ${host} also resolves`;
    return {
      about: host,
      because,
      give: `run \`verify\` on a host that can reach ${all}, or remove what is out of use from ${host}`,
      notCovered: because,
    };
  });
}
