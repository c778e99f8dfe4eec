import type { Edge } from '../model/forecast.ts';
import type { Member } from '../model/inventory.ts';
import { type Dialler, peerDialler } from './dialler.ts';
import type { Deployment } from './deployment.ts';
import { judgeHandshake } from './handshake.ts';
import { blameSetting, type Judgement } from './judgement.ts';
import type { Listener } from './listener.ts';
import { credentialFile } from './material.ts';
import { proxyFor } from './proxy.ts';
import type { PeerOutcome } from './quorum.ts';
import { neverDials } from './wording.ts';
import { type Address, parseEndpoint } from '../model/host.ts';

/** Every member on its way to every other member's advertised peer URLs. */
export function peerEdges(deployment: Deployment): readonly Edge[] {
  return judgePeers(deployment, ({ from, dialler, to, judgement }): Edge => {
    const credential = credentialFile(dialler.presents);
    return {
      ...ends(from, to.member, to.url),
      ...(credential !== undefined && { credential }),
      ...judgement,
    };
  });
}

/** What comes of the same handshakes, where nobody asks why. */
export function peerOutcomes(deployment: Deployment): readonly PeerOutcome[] {
  return judgePeers(deployment, ({ from, to, judgement }) => ({
    edge: 'peer',
    from: from.name,
    member: to.member.name,
    outcome: judgement.outcome,
  }));
}

/** One peer URL of a member. */
interface Reached {
  readonly member: Member;
  readonly listener: Listener;
  readonly url: string;
  readonly address: Address;
}

interface JudgedPeer {
  readonly from: Member;
  readonly dialler: Dialler;
  readonly to: Reached;
  readonly judgement: Judgement;
}

function judgePeers<Answer>(
  { members, files, surroundings, listeners }: Deployment,
  answer: (peer: JudgedPeer) => Answer,
): readonly Answer[] {
  const diallers = members.map((from) => ({ from, dialler: peerDialler(from, files) }));
  const reached = members.flatMap((member): readonly Reached[] => {
    const listener = listeners(member).peer;
    const urls = member.settings.initialAdvertisePeerUrls.value;
    return urls.map((url) => ({ member, listener, url, address: parseEndpoint(url, true) }));
  });
  return diallers.flatMap(({ from, dialler }) => {
    const dead = surroundings.refusalToStart(from);
    const judge = ({ member, listener, address }: Reached): Judgement => {
      if (dead !== undefined) return neverDials(dead);
      const encounter = { dialler: proxied(dialler, from, address), listener, address };
      const judgement = judgeHandshake(encounter, surroundings);
      return judgement.rule === 'tls.plaintext-to-tls'
        ? { ...judgement, blame: blameSetting(member.settings.initialAdvertisePeerUrls) }
        : judgement;
    };
    return reached
      .filter(({ member }) => member !== from)
      .map((to) => answer({ from, dialler, to, judgement: judge(to) }));
  });
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
