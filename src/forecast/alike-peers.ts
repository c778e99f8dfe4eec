import { once } from '../model/once.ts';
import { getOrMake } from '../model/get-or-make.ts';
import type { Initiator } from './initiator.ts';
import type { Judgement } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors } from './material.ts';
import type { Protocol } from './negotiation.ts';
import type { Encounter } from './wording.ts';

/** Where a member is reached: the same object for everyone who connects to it. */
export type Destination = Pick<Encounter, 'listener' | 'address'>;

/** The judgement of a connection, worked out by `judge` unless it follows from others. */
export type JudgeOnce = (
  initiator: Initiator,
  destination: Destination,
  judge: () => Judgement,
) => Judgement;

/** A refusal is worked out for itself where its texts are wanted, which name both sides. */
export type Wanted = 'texts' | 'outcomes';

/**
 * A handshake is accepted when the side that connects finds no fault with the other, and the other none with it. Each
 * judges by rules that the members of a cluster share, as a rule: what one of them accepted, all with the same rules
 * accept, and a certificate that one of them refused, all refuse. So N members need some 2 N judgements instead of N².
 */
export function alikePeers(wanted: Wanted): JudgeOnce {
  const servers = new Map<string, Map<Destination, Judgement>>();
  const clients = new Map<string, Map<Initiator, Judgement>>();
  const rulesOfInitiator = once(initiatorRules);
  const rulesOfListener = once(listenerRules);
  return (initiator, destination, judge) => {
    const ofServer = getOrMake(
      servers,
      rulesOfInitiator(initiator),
      () => new Map<Destination, Judgement>(),
    );
    const ofClient = getOrMake(
      clients,
      rulesOfListener(destination.listener),
      () => new Map<Initiator, Judgement>(),
    );
    const server = ofServer.get(destination);
    if (server?.outcome === 'refused') return server;
    // Its certificate is looked at only after it accepted the server's.
    const client = ofClient.get(initiator);
    if (server !== undefined && client !== undefined) {
      return client.outcome === 'refused' ? client : server;
    }

    const judgement = judge();
    if (isHandshake(judgement)) {
      ofServer.set(destination, judgement);
      ofClient.set(initiator, judgement);
    } else if (wanted === 'outcomes' && isOfCertificate(judgement)) {
      if (judgement.refusedBy === 'client') ofServer.set(destination, judgement);
      else ofClient.set(initiator, judgement);
    }
    return judgement;
  };
}

/** Whether one side refused the other's certificate: with that alone, not with both together. */
function isOfCertificate({ outcome, rule }: Judgement): boolean {
  return outcome === 'refused' && rule.startsWith('x509.');
}

/** Without TLS nothing was asked of either side. */
function isHandshake({ outcome, rule }: Judgement): boolean {
  return outcome === 'accepted' && (rule === 'etcd.mutual-tls' || rule === 'etcd.anonymous');
}

/** All that a dialling side decides by, without what it shows of itself and where it comes from. */
function initiatorRules({
  name,
  presents: _presents,
  source: _source,
  ...rules
}: Initiator): string {
  const { protocol, serverAnchors } = rules;
  return JSON.stringify({
    ...rules,
    protocol: withoutOwner(protocol),
    serverAnchors: anchorsOf(serverAnchors, name),
  });
}

/** Equal lists of two members are alike. */
function withoutOwner({ listed: _listed, ...protocol }: Protocol): object {
  return protocol;
}

/** All that a listener decides by, without what it shows of itself and where it listens. */
function listenerRules({
  member: { name },
  serves: _serves,
  access: { go },
  effective,
  ...rules
}: Listener): string {
  const { clientAuthentication, checksSourceAddress, logsRejections } = effective;
  return JSON.stringify({
    ...rules,
    protocol: withoutOwner(rules.protocol),
    clientAnchors: anchorsOf(rules.clientAnchors, name),
    // A path leads every member to a file of its own.
    crlFile: rules.crlFile && name,
    effective: { clientAuthentication, checksSourceAddress, logsRejections },
    go,
  });
}

/** Copies of a CA file are alike; a member without such a file is like no other. */
function anchorsOf(anchors: Anchors | undefined, name: string): readonly string[] | string {
  if (anchors === undefined) return '';
  return anchors.kind === 'pool' ? anchors.certificates.map(({ sha256 }) => sha256) : name;
}
