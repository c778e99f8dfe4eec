import { isAllowed } from './allowed-names.ts';
import { type ChainQuestion, judgeChain } from './chain.ts';
import { notAllowed, notGiven } from './credential-faults.ts';
import type { Dialler } from './dialler.ts';
import { judgeGeneratedServer } from './generated.ts';
import { content, type Opinion, type Refusal, refuses, undecided } from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Anchors, Credential } from './material.ts';
import { isRefusal, receive } from './received.ts';
import { judgeByOpenssl } from './openssl.ts';
import type { Surroundings } from './surroundings.ts';
import type { Encounter } from './wording.ts';

/** What the dialling side makes of the certificate that the listener shows. */
export function judgeServer(
  { dialler, listener, address }: Encounter,
  surroundings: Surroundings,
): Opinion {
  const serves = receivedFrom(listener, dialler);
  if (isRefusal(serves)) return dialler.speaks === 'openssl' ? ofOpenssl(serves) : refuses(serves);
  return judgeReceived(serves, { dialler, listener, address }, surroundings);
}

function judgeReceived(
  serves: Credential,
  { dialler, listener, address }: Encounter,
  surroundings: Surroundings,
): Opinion {
  const { serverAnchors, allowed } = dialler;
  if (serverAnchors === undefined) {
    // Without verification there is no verified chain, in which alone etcd looks for allowed names.
    return allowed === undefined ? content : refuses(notAllowed(listener, serves));
  }
  const hostName = dialler.serverName ?? address.host;
  switch (serves.kind) {
    case 'not-given':
      return notGiven(serves.files);
    case 'generated':
      return judgeGeneratedServer(serves.hosts, hostName);
    case 'files':
      return judgeFiles(serves, serverAnchors, { dialler, listener, hostName }, surroundings);
    case 'none':
    case 'foreign':
    case 'broken':
      return content;
  }
}

/** An intruder takes whatever it is shown. */
function receivedFrom({ serves }: Listener, { speaks, go }: Dialler): Refusal | Credential {
  return serves.kind === 'files' && speaks !== 'bare' ? receive(serves, go, 'server') : serves;
}

/** OpenSSL reads some certificates that Go refuses, and takes larger keys. */
function ofOpenssl({ rule, blame, remedy }: Refusal): Opinion {
  return undecided(rule, ['whether OpenSSL accepts a certificate that Go rejects'], {
    ...(blame && { blame }),
    ...(remedy !== undefined && { remedy }),
  });
}

function judgeFiles(
  serves: Extract<Credential, { kind: 'files' }>,
  anchors: Anchors,
  { dialler, listener, hostName }: { dialler: Dialler; listener: Listener; hostName: string },
  { at, authorities, locate, opinions }: Surroundings,
): Opinion {
  const question: ChainQuestion = {
    chain: serves.chain,
    file: serves.file,
    anchors,
    usage: 'serverAuth',
    at,
    go: dialler.go,
    verifier: dialler.name,
    authorities,
    locate,
    opinions,
  };
  if (dialler.speaks === 'openssl') {
    return judgeByOpenssl(question, hostName, dialler.endsAtIntermediates === true);
  }

  const opinion = judgeChain({ ...question, hostName });
  const { allowed } = dialler;
  if (opinion.kind === 'refuses' || allowed === undefined) return opinion;
  return isAllowed(serves.chain[0], allowed, dialler.go)
    ? opinion
    : refuses(notAllowed(listener, serves));
}
