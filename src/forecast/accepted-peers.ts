import { once } from '../deployment/once.ts';
import { getOrMake } from '../model/get-or-make.ts';
import type { Dialler } from './dialler.ts';
import type { Judgement } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors } from './material.ts';
import type { Encounter } from './wording.ts';

/** Where a member is reached: the same object for everyone who connects to it. */
export type Destination = Pick<Encounter, 'listener' | 'address'>;

/** The judgement of a connection, worked out by `judge` unless it follows from others. */
export type JudgeOnce = (
  dialler: Dialler,
  destination: Destination,
  judge: () => Judgement,
) => Judgement;

/**
 * A handshake is accepted when the side that connects finds no fault with the other, and the other none with it. Each
 * judges by rules that the members of a cluster share, as a rule: what one of them accepted, all with the same rules
 * accept. So N members need some 2 N judgements instead of N². A refusal is worked out for itself, with its texts.
 */
export function acceptedPeers(): JudgeOnce {
  const servers = new Map<string, Map<Destination, Judgement>>();
  const clients = new Map<string, Set<Dialler>>();
  const rulesOfDialler = once(diallerRules);
  const rulesOfListener = once(listenerRules);
  return (dialler, destination, judge) => {
    const accepting = getOrMake(
      servers,
      rulesOfDialler(dialler),
      () => new Map<Destination, Judgement>(),
    );
    const accepted = getOrMake(
      clients,
      rulesOfListener(destination.listener),
      () => new Set<Dialler>(),
    );
    const known = accepting.get(destination);
    if (known !== undefined && accepted.has(dialler)) return known;

    const judgement = judge();
    if (isHandshake(judgement)) {
      accepting.set(destination, judgement);
      accepted.add(dialler);
    }
    return judgement;
  };
}

/** Without TLS nothing was asked of either side. */
function isHandshake({ outcome, rule }: Judgement): boolean {
  return outcome === 'accepted' && (rule === 'etcd.mutual-tls' || rule === 'etcd.anonymous');
}

/** All that a dialling side decides by, without what it shows of itself and where it comes from. */
function diallerRules({ name, presents: _presents, source: _source, ...rules }: Dialler): string {
  return JSON.stringify({ ...rules, serverAnchors: anchorsOf(rules.serverAnchors, name) });
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
