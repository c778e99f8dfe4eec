import { judgeClient } from './judge-client.ts';
import { judgeServer } from './judge-server.ts';
import { type Judgement, type Opinion, type Refusal, strongest, undecided } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Credential } from './material.ts';
import { commonVersion, judgeHttp2, negotiate, type NegotiationFailure } from './negotiation.ts';
import { notListening, reachOf } from './reach.ts';
import { judgeScheme } from './scheme.ts';
import { findSigningFault, findVerifyingFault, type SigningKey } from './signing-key.ts';
import type { Surroundings } from './surroundings.ts';
import {
  closedAfterwards,
  doesNotStart,
  type Encounter,
  keyRefusedByClient,
  negotiationFailed,
  neverDials,
  refusedByClient,
  refusedByServer,
} from './wording.ts';

/** Works out one handshake, in the order in which a real one would find its faults. */
export function judgeHandshake(encounter: Encounter, surroundings: Surroundings): Judgement {
  const { dialler, listener } = encounter;
  const refusedAtStart = surroundings.refusalToStart(listener.member);
  if (refusedAtStart !== undefined) return doesNotStart(refusedAtStart);
  if (dialler.neverDials !== undefined) return neverDials(dialler.neverDials, dialler.speaks);

  const reach = reachOf(encounter.address, listener.member, listener.port);
  if (reach === 'nothing-listens') return notListening(encounter);
  const judgement = judgeScheme(encounter) ?? judgeTls(encounter, surroundings);
  return reach === 'unknown' ? ifReached(judgement, encounter) : judgement;
}

/** What would be accepted is not sure where the address may lead elsewhere. */
function ifReached(judgement: Judgement, { listener, address }: Encounter): Judgement {
  if (judgement.outcome !== 'accepted') return judgement;
  const { host, port } = address;
  return {
    outcome: 'not-sure',
    rule: 'network.nothing-listens',
    dependsOn: [`a proxy or port mapping that leads ${host}:${port} to ${listener.member.name}`],
  };
}

function judgeTls(encounter: Encounter, surroundings: Surroundings): Judgement {
  return judgeOpening(encounter) ?? judgeCertificates(encounter, surroundings);
}

/** Version, suite and the key that the server signs with. */
function judgeOpening(encounter: Encounter): Judgement | undefined {
  const { dialler, listener } = encounter;
  const key = servedKey(encounter);
  const failure =
    negotiate(dialler.protocol, listener.protocol, key, listener.member.settings) ??
    (key && findSigningFault(key, listener.access.go));
  if (failure !== undefined) return negotiationFailed(encounter, failure);
  // OpenSSL, unlike Go, takes no curve but those that it offers: P-224 is not among its defaults.
  const isLeftToOpenssl = dialler.speaks === 'bare' && key?.leaf.publicKey.curve === 'P-224';
  return isLeftToOpenssl
    ? withoutRefusal(
        undecided('tls.unsupported-curve', [`the TLS library of ${dialler.name}`]),
        listener,
      )
    : undefined;
}

/** The server's certificate and signature, then the client's. */
function judgeCertificates(encounter: Encounter, surroundings: Surroundings): Judgement {
  const server = judgeServer(encounter, surroundings);
  if (server.kind === 'refuses') return refusedByClient(encounter, server.refusal);
  const fault = findFaultOfDialler(encounter);
  if (fault !== undefined) return keyRefusedByClient(encounter, fault);

  const { opinion: client, afterwards } = judgeClient(encounter, surroundings);
  const shown = shownKey(encounter);
  const unverified = shown && findVerifyingFault(shown, encounter.listener.access.go);
  if (unverified !== undefined && (client.kind !== 'refuses' || afterwards)) {
    return negotiationFailed(encounter, unverified);
  }
  if (client.kind === 'refuses') return refusedByServer(encounter, client.refusal, afterwards);

  const forbidden = judgeSuite(encounter);
  return forbidden === undefined
    ? withoutRefusal(strongest(server, client), encounter.listener)
    : closedAfterwards(forbidden);
}

/** What a dialling side that is written in Go has against the server's key, or its own. */
function findFaultOfDialler(encounter: Encounter): NegotiationFailure | undefined {
  const { speaks, go } = encounter.dialler;
  if (speaks === 'bare' || speaks === 'openssl') return undefined;
  const served = servedKey(encounter);
  const shown = shownKey(encounter);
  const unverified = served && findVerifyingFault(served, go);
  return unverified ?? (shown && findSigningFault(shown, go));
}

function servedKey({ dialler, listener }: Encounter): SigningKey | undefined {
  const { serves, protocol } = listener;
  return keyOf(serves, 'server', commonVersion(dialler.protocol, protocol));
}

/** Absent where the server asks for none, or a certificate goes along only where its CA is asked for. */
function shownKey({ dialler, listener }: Encounter): SigningKey | undefined {
  if (listener.clientAnchors === undefined || dialler.presentsOnlyIfAsked) return undefined;
  return keyOf(dialler.presents, 'client', commonVersion(dialler.protocol, listener.protocol));
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
function judgeSuite({ dialler, listener, address }: Encounter): Refusal | undefined {
  const key = servedKey({ dialler, listener, address });
  const { protocol, member } = listener;
  const needsHttp2 = dialler.speaks === 'grpc' || dialler.speaks === 'old-grpc';
  return needsHttp2 && key
    ? judgeHttp2(dialler.protocol, protocol, key, member.settings)
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
