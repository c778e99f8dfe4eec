import type { EtcdUrl } from '../etcd/urls.ts';
import type { Judgement } from './judgement.ts';
import { rules } from './rules.ts';
import { closedText, type Encounter, inHandshake } from './wording.ts';

/** What becomes of an encounter in which either side does without TLS; undefined when neither does. */
export function judgeScheme(encounter: Encounter): Judgement | undefined {
  const { address, listener } = encounter;
  const { encrypted, plaintext } = spokenAt(address.port, listener.effective);
  if (address.encrypted && encrypted) return undefined;
  if (!address.encrypted && plaintext) return { outcome: 'accepted', rule: 'etcd.plaintext' };
  return address.encrypted ? tlsToPlaintext(encounter) : plaintextToTls(encounter);
}

/** http and https on the same address share one socket; a port that is nowhere listed is mapped to one of ours. */
function spokenAt(
  port: string,
  urls: { readonly encryptedUrls: readonly EtcdUrl[]; readonly plaintextUrls: readonly EtcdUrl[] },
) {
  const isHere = (url: EtcdUrl) => url.port === port;
  const known = [...urls.encryptedUrls, ...urls.plaintextUrls].some(isHere);
  const matches = known ? isHere : () => true;
  return {
    encrypted: urls.encryptedUrls.some(matches),
    plaintext: urls.plaintextUrls.some(matches),
  };
}

function plaintextToTls({ dialler, listener }: Encounter): Judgement {
  return {
    outcome: 'refused',
    refusedBy: 'server',
    rule: 'tls.plaintext-to-tls',
    ...closedText(dialler),
    ...(listener.effective.logsRejections && { serverError: notTls }),
    remedy: rules['tls.plaintext-to-tls'].remedy(),
  };
}

/** A peer's HTTP server answers in words, a client port's multiplexer hangs up. */
function tlsToPlaintext(encounter: Encounter): Judgement {
  const { dialler, listener } = encounter;
  const { member, port } = listener;
  const listening =
    port === 'peer' ? member.settings.listenPeerUrls : member.settings.listenClientUrls;
  const { location } = listening.origin;
  return {
    outcome: 'refused',
    refusedBy: 'client',
    rule: 'tls.tls-to-plaintext',
    ...(dialler.speaks !== 'openssl' && {
      clientError: inHandshake(encounter, port === 'peer' ? notTls : 'EOF'),
    }),
    ...(location && { blame: { file: location.file, location } }),
    remedy: rules['tls.tls-to-plaintext'].remedy({ member: member.name }),
  };
}

const notTls = 'tls: first record does not look like a TLS handshake';
