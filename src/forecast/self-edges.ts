import { hasGateway } from '../etcd/effective-tls.ts';
import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { gatewayInitiator } from './initiator.ts';
import type { Deployment } from './deployment.ts';
import { judgeHandshake } from './handshake.ts';
import { reachableUrl } from './listener.ts';
import { credentialFile } from './material.ts';
import { parseEndpoint } from '../model/host.ts';

/** Every member on its way to its own client port, which the JSON gateway depends on. */
export function selfEdges({
  members,
  files,
  surroundings,
  listeners,
}: Deployment): readonly Edge[] {
  return members.flatMap((member): readonly Edge[] => {
    const listener = listeners(member).client;
    const [own] = listener.effective.encryptedUrls;
    // In clear there is nothing that could go wrong with it.
    if (own === undefined || !hasGateway(member.settings)) return [];

    const initiator = gatewayInitiator(member, files);
    const url = reachableUrl(own, member);
    const credential = credentialFile(initiator.presents);
    return [
      {
        ...ends(member, url),
        ...(credential !== undefined && { credential }),
        ...judgeHandshake({ initiator, listener, address: parseEndpoint(url, true) }, surroundings),
      },
    ];
  });
}

function ends({ name }: Member, url: string) {
  return {
    target: { kind: 'edge' as const, name: `${name} to itself (${url})`, member: name },
    edge: 'self' as const,
    from: name,
    to: url,
    member: name,
    port: 'client' as const,
    wanted: 'accepted' as const,
  };
}
