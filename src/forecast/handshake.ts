import { afterStart } from './after-start.ts';
import { type ClientVerdict, judgeClient } from './judge-client.ts';
import { judgeServer } from './judge-server.ts';
import {
  behind,
  type Judgement,
  nextOf,
  type Opinion,
  type Refusal,
  strongest,
  undecided,
  withNext,
} from './judgement.ts';
import type { NextRefusal } from '../model/forecast.ts';
import type { Listener } from './listener.ts';
import { currentGo, type GoRelease } from '../pki/go-release.ts';
import type { Credential } from './material.ts';
import { commonVersion, judgeHttp2, negotiate, type NegotiationFailure } from './negotiation.ts';
import { rejectionsOf } from './rejections.ts';
import { asksNameServer, notListening, reachOf } from './reach.ts';
import { isRefusal, receive } from './received.ts';
import { judgeScheme } from './scheme.ts';
import { findSigningFault, findVerifyingFault, type SigningKey } from './signing-key.ts';
import type { Surroundings } from './surroundings.ts';
import {
  closedAfterwards,
  doesNotStart,
  type Encounter,
  inHandshake,
  keyRefusedByClient,
  negotiationFailed,
  neverDials,
  refusedByClient,
  refusedByServer,
} from './wording.ts';

/** Works out one handshake, in the order in which a real one would find its faults. */
export function judgeHandshake(encounter: Encounter, surroundings: Surroundings): Judgement {
  const { initiator, listener } = encounter;
  const running = () => judgeRunning(encounter, surroundings);
  const stops = {
    listener: surroundings.refusalToStart(listener.member),
    initiator: initiator.neverDials,
  };
  const next = () => afterStart(encounter, surroundings, stops, running);
  if (stops.listener !== undefined) return withNext(doesNotStart(stops.listener), next());
  if (stops.initiator !== undefined) {
    return withNext(neverDials(stops.initiator, initiator.speaks), next());
  }
  return running();
}

/** Both processes run. */
function judgeRunning(encounter: Encounter, surroundings: Surroundings): Judgement {
  const { listener } = encounter;
  const reach = reachOf(encounter.address, listener.member, listener.port);
  if (reach === 'nothing-listens') return notListening(encounter);
  const judgement = judgeScheme(encounter) ?? judgeTls(encounter, surroundings);
  return reach === 'unknown' ? ifReached(judgement, encounter) : judgement;
}

/** What would be accepted is not sure where the address may lead elsewhere. */
function ifReached(judgement: Judgement, { listener, address }: Encounter): Judgement {
  if (judgement.outcome !== 'accepted') return judgement;
  const { host, port } = address;
  const { name } = listener.member;
  const leads = asksNameServer(host)
    ? `a name server that leads ${host} to ${name}: for one label with a dot at its end, hosts files do not count`
    : `a proxy or port mapping that leads ${host}:${port} to ${name}`;
  return { outcome: 'not-sure', rule: 'network.nothing-listens', dependsOn: [leads] };
}

function judgeTls(encounter: Encounter, surroundings: Surroundings): Judgement {
  const opening = judgeOpening(encounter);
  if (opening?.outcome !== 'refused') return opening ?? judgeCertificates(encounter, surroundings);
  // Another key comes with another certificate.
  const isKey = !opening.rule.startsWith('tls.no-common-');
  return withNext(opening, rejectionsOf(encounter, surroundings, { server: isKey, client: false }));
}

/** Version, suite and the key that the server signs with. */
function judgeOpening(encounter: Encounter): Judgement | undefined {
  const { initiator, listener } = encounter;
  const key = servedKey(encounter);
  const failure =
    negotiate(initiator.protocol, listener.protocol, key, listener.member.settings) ??
    (key && findSigningFault(key, listener.access.go));
  if (failure !== undefined) return negotiationFailed(encounter, failure);
  // OpenSSL, unlike Go, takes no curve but those that it offers: P-224 is not among its defaults.
  const isLeftToOpenssl = initiator.speaks === 'bare' && key?.leaf.publicKey.curve === 'P-224';
  return isLeftToOpenssl ? dependsOnLibrary(encounter, 'tls.unsupported-curve') : undefined;
}

/** The server's certificate and signature, then the client's. */
function judgeCertificates(encounter: Encounter, surroundings: Surroundings): Judgement {
  const server = judgeServer(encounter, surroundings);
  if (server.kind === 'refuses') {
    const next = [...behind('client', server), ...afterServer(encounter, surroundings)];
    return withNext(refusedByClient(encounter, server.refusal), next);
  }
  const unverifiedServer = findServersFault(encounter);
  if (unverifiedServer !== undefined) {
    const refused = keyRefusedByClient(encounter, unverifiedServer);
    return withNext(refused, afterServer(encounter, surroundings));
  }

  const verdict = judgeClient(encounter, surroundings);
  return judgeOwnLibrary(encounter, verdict) ?? judgeShown(encounter, server, verdict);
}

/** What the listener has against the dialling side, whose certificate it does not get to see. */
function afterServer(encounter: Encounter, surroundings: Surroundings): readonly NextRefusal[] {
  const { opinion } = judgeClient(encounter, surroundings);
  if (opinion.kind !== 'refuses') return [];
  return [nextOf('server', opinion.refusal), ...behind('server', opinion)];
}

/** What the dialling side's own TLS library makes of what it is sent, and of its own key. */
function judgeOwnLibrary(encounter: Encounter, verdict: ClientVerdict): Judgement | undefined {
  const unreadable = findUnreadable(encounter);
  if (unreadable !== undefined) {
    const intruder = { ...encounter, initiator: { ...encounter.initiator, go: currentGo } };
    return verdict.opinion.kind === 'refuses'
      ? refusedByClient(intruder, unreadable)
      : dependsOnLibrary(encounter, unreadable.rule);
  }
  const unusable = findOwnFault(encounter);
  return unusable && judgeUnusable(encounter, unusable, verdict);
}

/** The listener's verdict on what it is shown, and on the suite. */
function judgeShown(
  encounter: Encounter,
  server: Opinion,
  { opinion: client, afterwards }: ClientVerdict,
): Judgement {
  const shown = shownKey(encounter);
  const unverified = shown && findVerifyingFault(shown, encounter.listener.access.go);
  if (unverified !== undefined && (client.kind !== 'refuses' || afterwards)) {
    return negotiationFailed(encounter, unverified);
  }
  if (client.kind === 'refuses') {
    const refused = refusedByServer(encounter, client.refusal, afterwards);
    return withNext(refused, behind('server', client));
  }

  const forbidden = judgeSuite(encounter);
  return forbidden === undefined
    ? withoutRefusal(strongest(server, client), encounter.listener)
    : closedAfterwards(forbidden);
}

/** What a dialling side that is written in Go has against the server's key. */
function findServersFault(encounter: Encounter): NegotiationFailure | undefined {
  const { speaks, go } = encounter.initiator;
  if (speaks === 'bare' || speaks === 'openssl') return undefined;
  const served = servedKey(encounter);
  return served && findVerifyingFault(served, go);
}

/** Why a dialling side cannot sign with its own key; of those that do not use OpenSSL. */
function findOwnFault(encounter: Encounter): NegotiationFailure | undefined {
  const { speaks, go } = encounter.initiator;
  const shown = speaks === 'openssl' ? undefined : shownKey(encounter);
  return shown && findSigningFault(shown, speaks === 'bare' ? lenient(go) : go);
}

/** An intruder switches on everything that Go leaves to GODEBUG. */
function lenient(go: GoRelease): GoRelease {
  return { ...go, acceptsSmallRsaKeys: true, signsWithSha1: true, acceptsNegativeSerials: true };
}

/** An intruder verifies nothing, but its TLS library parses what it is sent. */
function findUnreadable({ initiator, listener }: Encounter): Refusal | undefined {
  const { serves } = listener;
  if (initiator.speaks !== 'bare' || serves.kind !== 'files') return undefined;
  const received = receive(serves, lenient(currentGo), 'server');
  return isRefusal(received) ? received : undefined;
}

function dependsOnLibrary({ initiator, listener }: Encounter, rule: Refusal['rule']): Judgement {
  return withoutRefusal(undecided(rule, [`the TLS library of ${initiator.name}`]), listener);
}

/** The certificate goes out before the signature fails, and the server judges what came first. */
function judgeUnusable(
  encounter: Encounter,
  fault: NegotiationFailure,
  { opinion: client, afterwards }: ClientVerdict,
): Judgement {
  if (client.kind !== 'refuses' || afterwards) {
    return encounter.initiator.speaks === 'bare'
      ? dependsOnLibrary(encounter, fault.refusal.rule)
      : keyRefusedByClient(encounter, fault);
  }
  const refused = refusedByServer(encounter, client.refusal, afterwards);
  return { ...refused, clientError: inHandshake(encounter, fault.refusal.text) };
}

function servedKey({ initiator, listener }: Encounter): SigningKey | undefined {
  const { serves, protocol } = listener;
  return keyOf(serves, 'server', commonVersion(initiator.protocol, protocol));
}

/** Absent where the server asks for none, or a certificate goes along only where its CA is asked for. */
function shownKey({ initiator, listener }: Encounter): SigningKey | undefined {
  if (listener.clientAnchors === undefined || initiator.presentsOnlyIfAsked) return undefined;
  return keyOf(initiator.presents, 'client', commonVersion(initiator.protocol, listener.protocol));
}

function keyOf(
  credential: Credential,
  side: SigningKey['side'],
  version: number,
): SigningKey | undefined {
  if (credential.kind !== 'files') return undefined;
  return { leaf: credential.chain[0], file: credential.file, side, version };
}

/** gRPC needs HTTP/2, which peers, with HTTP/1.1, and who only asks the gateway do without. */
function judgeSuite({ initiator, listener, address }: Encounter): Refusal | undefined {
  const key = servedKey({ initiator, listener, address });
  const { protocol, member } = listener;
  const needsHttp2 = initiator.speaks === 'grpc' || initiator.speaks === 'old-grpc';
  return needsHttp2 && key
    ? judgeHttp2(initiator.protocol, protocol, key, member.settings)
    : undefined;
}

function withoutRefusal(opinion: Opinion, listener: Listener): Judgement {
  if (opinion.kind === 'undecided') {
    const { rule, dependsOn, blame, remedy } = opinion;
    return {
      outcome: 'not-sure',
      rule,
      dependsOn,
      ...(blame && { blame }),
      ...(remedy !== undefined && { remedy }),
    };
  }
  return {
    outcome: 'accepted',
    rule: listener.clientAnchors === undefined ? 'etcd.anonymous' : 'etcd.mutual-tls',
  };
}
