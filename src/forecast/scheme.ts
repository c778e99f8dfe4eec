import type { EtcdUrl } from '../etcd/urls.ts';
import { type Address, isLoopback, isReachedAt } from '../model/host.ts';
import type { Judgement } from './judgement.ts';
import { rules } from './rules.ts';
import { closedText, type Encounter, inHandshake } from './wording.ts';

/** What becomes of an encounter in which either side does without TLS; undefined when neither does. */
export function judgeScheme(encounter: Encounter): Judgement | undefined {
  const { address, listener } = encounter;
  const { encrypted, plaintext } = spokenAt(address, listener.effective);
  if (address.encrypted && encrypted) return undefined;
  if (!address.encrypted && plaintext) return { outcome: 'accepted', rule: 'etcd.plaintext' };
  return address.encrypted ? tlsToPlaintext(encounter) : plaintextToTls(encounter);
}

/**
 * http and https on the same address share one socket. Where no URL names the address that is dialled, those of
 * the port answer, from outside all but those of loopback; a port that is nowhere listed is mapped to one of ours.
 */
function spokenAt(
  { host, port }: Address,
  urls: { readonly encryptedUrls: readonly EtcdUrl[]; readonly plaintextUrls: readonly EtcdUrl[] },
) {
  const tests: readonly ((url: EtcdUrl) => boolean)[] = [
    (url) => url.port === port && isReachedAt(url.host, host),
    (url) => url.port === port && isLoopback(url.host) === isLoopback(host),
    (url) => url.port === port,
    () => true,
  ];
  for (const isHere of tests) {
    const encrypted = urls.encryptedUrls.some(isHere);
    const plaintext = urls.plaintextUrls.some(isHere);
    if (encrypted || plaintext) return { encrypted, plaintext };
  }
  return { encrypted: false, plaintext: false };
}

function plaintextToTls({ initiator, listener }: Encounter): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'server',
    rule: 'tls.plaintext-to-tls',
    ...closedText(initiator),
    ...(listener.effective.logsRejections && { serverError: notTls }),
    remedy: rules['tls.plaintext-to-tls'].remedy(),
  };
}

/** A peer's HTTP server answers in words, a client port's multiplexer hangs up. */
function tlsToPlaintext(encounter: Encounter): Judgement {
  const { initiator, listener } = encounter;
  const { member, port } = listener;
  const listening =
    port === 'peer' ? member.settings.listenPeerUrls : member.settings.listenClientUrls;
  const { location } = listening.origin;
  return {
    outcome: 'refused',
    refusedBy: 'client',
    rule: 'tls.tls-to-plaintext',
    ...(initiator.speaks !== 'openssl' && {
      clientError: inHandshake(encounter, port === 'peer' ? notTls : 'EOF'),
    }),
    ...(location && { blame: { file: location.file, location } }),
    remedy: rules['tls.tls-to-plaintext'].remedy({ member: member.name }),
  };
}

const notTls = 'tls: first record does not look like a TLS handshake';
