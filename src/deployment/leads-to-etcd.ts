import type { StatedClient } from '../model/draft.ts';
import { areOnTwoHosts, isLoopback, parseEndpoint } from '../model/host.ts';
import type { Member } from '../model/inventory.ts';
import { membersAt } from './members-at.ts';

/** Clients of which it depends on the members whether they are clients of etcd, with the answer. */
export function decidedByAddress(
  clients: readonly StatedClient[],
  members: readonly Member[],
): readonly StatedClient[] {
  return clients.map((client) => {
    if (client.isOfEtcd !== 'by-address') return client;
    const { isOfEtcd: _isOfEtcd, ...ofEtcd } = client;
    return client.endpoints.value.some((url) => leadsToEtcd(url, client, members))
      ? ofEtcd
      : { ...client, isOfEtcd: false as const };
  });
}

function leadsToEtcd(
  url: string,
  { host, network }: StatedClient,
  members: readonly Member[],
): boolean {
  const address = parseEndpoint(url, true);
  const near = isLoopback(address.host)
    ? members.filter((member) => {
        const isApart = areOnTwoHosts(member, { ...(host !== undefined && { host }) });
        const isOtherNetwork = network !== undefined && network.of !== member.network?.of;
        return !isApart && (network?.isHost === true || !isOtherNetwork);
      })
    : members;
  return (['client', 'peer', 'metrics'] as const).some(
    (which) => membersAt(address, near, which).length > 0,
  );
}
