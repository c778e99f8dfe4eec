import { leafOf } from './dialler.ts';
import { judgeClient } from './judge-client.ts';
import { judgeServer } from './judge-server.ts';
import { type Judgement, type Opinion, strongest, undecided } from './judgement.ts';
import type { Listener } from './listener.ts';
import { negotiate } from './negotiation.ts';
import { judgeScheme } from './scheme.ts';
import type { Surroundings } from './surroundings.ts';
import {
  doesNotStart,
  type Encounter,
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
  if (dialler.neverDials !== undefined) return neverDials(dialler.neverDials);

  return judgeScheme(encounter) ?? judgeTls(encounter, surroundings);
}

function judgeTls(encounter: Encounter, surroundings: Surroundings): Judgement {
  const { dialler, listener } = encounter;
  const { serves, protocol, member } = listener;
  const leaf = leafOf(serves);
  const served = serves.kind === 'files' && leaf ? { leaf, file: serves.file } : undefined;
  const failure = negotiate(dialler.protocol, protocol, served, member.settings);
  if (failure !== undefined) return negotiationFailed(encounter, failure);
  // OpenSSL, unlike Go, takes no curve but those that it offers: P-224 is not among its defaults.
  if (dialler.speaks === 'bare' && leaf?.publicKey.curve === 'P-224') {
    return withoutRefusal(
      undecided('tls.unsupported-curve', [`the TLS library of ${dialler.name}`]),
      listener,
    );
  }

  const server = judgeServer(encounter, surroundings);
  if (server.kind === 'refuses') return refusedByClient(encounter, server.refusal);

  const { opinion: client, afterwards } = judgeClient(encounter, surroundings);
  if (client.kind === 'refuses') return refusedByServer(encounter, client.refusal, afterwards);

  return withoutRefusal(strongest(server, client), listener);
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
