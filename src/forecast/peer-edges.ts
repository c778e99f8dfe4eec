import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { type Dialler, peerDialler } from './dialler.ts';
import type { Deployment } from './deployment.ts';
import { judgeHandshake } from './handshake.ts';
import { credentialFile } from './material.ts';
import { proxyFor } from './proxy.ts';
import { neverDials } from './wording.ts';
import { type Address, parseEndpoint } from '../model/host.ts';

/** Every member on its way to every other member's advertised peer URLs. */
export function peerEdges({
  members,
  files,
  surroundings,
  listeners: listenersOf,
}: Deployment): readonly Edge[] {
  const diallers = members.map((member) => ({ member, dialler: peerDialler(member, files) }));
  const listeners = members.map((member) => listenersOf(member).peer);

  return diallers.flatMap(({ member: from, dialler }) =>
    listeners
      .filter(({ member }) => member !== from)
      .flatMap((listener) =>
        listener.member.settings.initialAdvertisePeerUrls.value.map((url): Edge => {
          const dead = surroundings.refusalToStart(from);
          const address = parseEndpoint(url, true);
          const credential = credentialFile(dialler.presents);
          return {
            ...ends(from, listener.member, url),
            ...(credential !== undefined && { credential }),
            ...(dead === undefined
              ? judgeHandshake(
                  { dialler: proxied(dialler, from, address), listener, address },
                  surroundings,
                )
              : neverDials(dead)),
          };
        }),
      ),
  );
}

function proxied(dialler: Dialler, { settings }: Member, address: Address): Dialler {
  const proxy = proxyFor(settings, address);
  return proxy === undefined ? dialler : { ...dialler, source: { ...dialler.source, proxy } };
}

function ends(from: Member, to: Member, url: string) {
  return {
    target: { kind: 'edge' as const, name: `peer ${from.name} -> ${url}`, member: from.name },
    edge: 'peer' as const,
    from: from.name,
    to: url,
    member: to.name,
    port: 'peer' as const,
    wanted: 'accepted' as const,
  };
}
