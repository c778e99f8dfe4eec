import type { Edge } from '../model/forecast.ts';
import { getOrMake } from '../model/get-or-make.ts';
import { groupBy } from '../model/group-by.ts';
import type { Member } from '../model/inventory.ts';
import { alikePeers, type Wanted } from './alike-peers.ts';
import { type Initiator, peerInitiator } from './initiator.ts';
import { afterStart } from './after-start.ts';
import type { Deployment } from './deployment.ts';
import { judgeHandshake } from './handshake.ts';
import { blameSetting, type Judgement, withNext } from './judgement.ts';
import type { Listener } from './listener.ts';
import { credentialFile } from './material.ts';
import { proxyFor } from '../model/proxy.ts';
import type { Surroundings } from './surroundings.ts';
import { type Encounter, neverDials } from './wording.ts';
import { isOfChain } from '../model/refusal.ts';
import { type Address, parseEndpoint } from '../model/host.ts';

/** Every member on its way to every other member's advertised peer URLs. */
export function peerEdges(deployment: Deployment): readonly Edge[] {
  const { initiators, reached, judge } = peersOf(deployment, 'texts');
  // Without settings and without others, a peer has the same CA: it shows when no peer accepts the certificate.
  const isAlone =
    initiators.length === 1 && initiators.every(({ from }) => from.known === 'supposed');
  return initiators.flatMap((connecting) => {
    const { from, initiator } = connecting;
    const credential = credentialFile(initiator.presents);
    return reached
      .filter(({ member }) => member !== from || isAlone)
      .map((to): Edge => ({
        ...ends(from, to.member, to.url),
        ...(credential !== undefined && { credential }),
        ...judge(connecting, to),
      }))
      .filter(({ member, rule }) => member !== from.name || isOfChain(rule));
  });
}

/** Whether a member can open a connection to another: by one of its URLs, if it has several. */
export type PeerLinks = (from: string, to: string) => boolean;

/** What comes of the same handshakes, each judged when it is asked for. */
export function peerLinks(deployment: Deployment): PeerLinks {
  const { initiators, reached, judge } = peersOf(deployment, 'outcomes');
  const byFrom = groupBy(initiators, ({ from }) => from.name);
  const byTo = groupBy(reached, ({ member }) => member.name);
  const known = new Map<string, Map<string, boolean>>();
  const isLinked: PeerLinks = (from, to) =>
    (byFrom.get(from) ?? []).some((connecting) =>
      (byTo.get(to) ?? []).some(
        (each) => each.member !== connecting.from && judge(connecting, each).outcome !== 'refused',
      ),
    );
  return (from, to) =>
    getOrMake(
      getOrMake(known, from, () => new Map<string, boolean>()),
      to,
      () => isLinked(from, to),
    );
}

/** One peer URL of a member. */
interface Reached {
  readonly member: Member;
  readonly listener: Listener;
  readonly url: string;
  readonly address: Address;
}

interface ConnectingMember {
  readonly from: Member;
  readonly initiator: Initiator;
}

function peersOf({ members, files, surroundings, listeners }: Deployment, wanted: Wanted) {
  const initiators = members.map((from): ConnectingMember => ({
    from,
    initiator: peerInitiator(from, files),
  }));
  const reached = members.flatMap((member): readonly Reached[] => {
    const listener = listeners(member).peer;
    const urls = member.settings.initialAdvertisePeerUrls.value;
    return urls.map((url) => ({ member, listener, url, address: parseEndpoint(url, true) }));
  });
  const judgeOnce = alikePeers(wanted);
  const judge = ({ from, initiator }: ConnectingMember, to: Reached): Judgement => {
    const dead = surroundings.refusalToStart(from);
    if (dead === undefined) return judgeRunning({ from, initiator }, to);
    const { listener, address } = to;
    const stops = { initiator: dead, listener: surroundings.refusalToStart(listener.member) };
    const running = () => judgeRunning({ from, initiator }, to);
    const next = afterStart({ initiator, listener, address }, surroundings, stops, running);
    return withNext(neverDials(dead), next);
  };
  const judgeRunning = ({ from, initiator }: ConnectingMember, to: Reached): Judgement => {
    const { listener, address } = to;
    const proxy = proxyFor(from.settings, address);
    if (proxy === undefined) {
      return judgeOnce(initiator, to, () =>
        judgePeer({ initiator, listener, address }, surroundings),
      );
    }
    const proxied = { ...initiator, source: { ...initiator.source, proxy } };
    return judgePeer({ initiator: proxied, listener, address }, surroundings);
  };
  return { initiators, reached, judge };
}

function judgePeer(encounter: Encounter, surroundings: Surroundings): Judgement {
  const judgement = judgeHandshake(encounter, surroundings);
  return judgement.rule === 'tls.plaintext-to-tls'
    ? {
        ...judgement,
        blame: blameSetting(encounter.listener.member.settings.initialAdvertisePeerUrls),
      }
    : judgement;
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
