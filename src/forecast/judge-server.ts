import { isAllowed } from './allowed-names.ts';
import { type ChainQuestion, judgeChain } from './chain.ts';
import { notAllowed, notGiven } from './credential-faults.ts';
import type { Initiator } from './initiator.ts';
import { judgeGeneratedServer } from './generated.ts';
import { content, type Opinion, type Refusal, refuses, undecided } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors, Credential } from './material.ts';
import { followed, isRefusal, receive } from './received.ts';
import { judgeByOpenssl } from './openssl.ts';
import type { Surroundings } from './surroundings.ts';
import type { Encounter } from './wording.ts';
import { joinHostPort } from '../model/host.ts';

/** What the dialling side makes of the certificate that the listener shows. */
export function judgeServer(
  { initiator, listener, address }: Encounter,
  surroundings: Surroundings,
): Opinion {
  const serves = receivedFrom(listener, initiator);
  if (isRefusal(serves)) {
    if (initiator.speaks === 'openssl') return ofOpenssl(serves);
    const rest = judgeReceived(listener.serves, { initiator, address }, surroundings);
    return refuses(followed(serves, listener.serves, rest));
  }
  return judgeReceived(serves, { initiator, address }, surroundings);
}

function judgeReceived(
  serves: Credential,
  { initiator, address }: Pick<Encounter, 'initiator' | 'address'>,
  surroundings: Surroundings,
): Opinion {
  const { serverAnchors, allowed } = initiator;
  if (serverAnchors === undefined) {
    // Without verification there is no verified chain, in which alone etcd looks for allowed names.
    return allowed === undefined ? content : refuses(notAllowed(allowed, serves));
  }
  const hostName = initiator.serverName ?? address.host;
  switch (serves.kind) {
    case 'not-given':
      return notGiven(serves.files);
    case 'generated':
      return judgeGeneratedServer(serves.hosts, hostName);
    case 'files':
      return judgeFiles(serves, serverAnchors, { initiator, hostName }, surroundings);
    case 'none':
    case 'foreign':
    case 'broken':
      return content;
  }
}

/** An intruder takes whatever it is shown. */
function receivedFrom({ serves }: Listener, { speaks, go }: Initiator): Refusal | Credential {
  return serves.kind === 'files' && speaks !== 'bare' ? receive(serves, go, 'server') : serves;
}

/** OpenSSL reads some certificates that Go refuses, and takes larger keys. */
function ofOpenssl({ rule, blame, remedy }: Refusal): Opinion {
  return undecided(rule, ['whether OpenSSL accepts a certificate that Go rejects'], {
    ...(blame && { blame }),
    ...(remedy !== undefined && { remedy }),
  });
}

/** What the dialling side makes of certificates that were seen to be served there. */
export function judgeServed(
  chain: ChainQuestion['chain'],
  { initiator, address }: Pick<Encounter, 'initiator' | 'address'>,
  surroundings: Surroundings,
): Opinion {
  const { serverAnchors: anchors, serverName: hostName = address.host } = initiator;
  if (anchors === undefined) return content;
  const file = `the certificate file of ${joinHostPort(address.host, address.port)}`;
  return judgeVerified({ chain, file }, anchors, { initiator, hostName }, surroundings);
}

function judgeFiles(
  serves: Extract<Credential, { kind: 'files' }>,
  anchors: Anchors,
  { initiator, hostName }: { initiator: Initiator; hostName: string },
  surroundings: Surroundings,
): Opinion {
  const opinion = judgeVerified(serves, anchors, { initiator, hostName }, surroundings);
  const { allowed, speaks } = initiator;
  if (opinion.kind === 'refuses' || allowed === undefined || speaks === 'openssl') return opinion;
  return isAllowed(serves.chain[0], allowed, initiator.go)
    ? opinion
    : refuses(notAllowed(allowed, serves));
}

function judgeVerified(
  { chain, file }: Pick<ChainQuestion, 'chain' | 'file'>,
  anchors: Anchors,
  { initiator, hostName }: { initiator: Initiator; hostName: string },
  { at, authorities, locate, opinions }: Surroundings,
): Opinion {
  const question: ChainQuestion = {
    chain,
    file,
    anchors,
    usage: 'serverAuth',
    at,
    go: initiator.go,
    verifier: initiator.name,
    authorities,
    locate,
    opinions,
  };
  if (initiator.speaks === 'openssl') {
    return judgeByOpenssl(question, hostName, initiator.endsAtIntermediates === true);
  }
  return judgeChain({ ...question, hostName });
}
