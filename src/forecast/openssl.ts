import type { Certificate } from '../model/certificate.ts';
import { type ChainQuestion, judgeChain } from './chain.ts';
import { blameCertificate, content, type Opinion, refuses, undecided } from './judgement.ts';
import { opensslWording, rules } from './rules.ts';
import { isIpAddress } from '../model/host.ts';

/**
 * Judges as OpenSSL does where it differs from Go: a commonName still counts when no SAN does, only
 * self-signed certificates end a chain, and short keys fall to its security level.
 */
export function judgeByOpenssl(
  question: ChainQuestion,
  hostName: string,
  endsAtIntermediates: boolean,
): Opinion {
  const asked = endsAtIntermediates ? question : withSelfSignedRoots(question);
  const chainOpinion = judgeChain(asked);
  if (chainOpinion.kind === 'refuses') {
    const { refusal } = chainOpinion;
    const { said: _said, ...itself } = refusal;
    const usual = opensslWording(refusal.rule);
    const isAboutIssuer = usual === 'unable to get local issuer certificate';
    const wording =
      isAboutIssuer && stopsAtIntermediate(question) ? 'unable to get issuer certificate' : usual;
    return refuses({ ...itself, text: failed(wording ?? refusal.text) });
  }
  const namesOpinion = judgeName(question, hostName);
  if (namesOpinion.kind === 'refuses') return namesOpinion;
  return chainOpinion.kind === 'content' ? judgeKey(question) : chainOpinion;
}

/** The CA file leads one step further and not to a root. */
function stopsAtIntermediate(question: ChainQuestion): boolean {
  const { anchors, chain } = question;
  if (anchors.kind !== 'pool') return false;
  const [last] = chain.toReversed();
  return anchors.certificates.some(
    (candidate) => !isRoot(candidate) && candidate.subject.raw === last?.issuer.raw,
  );
}

/** Without X509_V_FLAG_PARTIAL_CHAIN other certificates of the CA file only help to get to a root. */
function withSelfSignedRoots(question: ChainQuestion): ChainQuestion {
  const { anchors, chain } = question;
  if (anchors.kind !== 'pool') return question;

  const [leaf, ...rest] = chain;
  return {
    ...question,
    anchors: { ...anchors, certificates: anchors.certificates.filter(isRoot) },
    chain: [leaf, ...rest, ...anchors.certificates.filter((candidate) => !isRoot(candidate))],
  };
}

function judgeName(question: ChainQuestion, hostName: string): Opinion {
  const { chain } = question;
  const opinion = judgeChain({ ...question, hostName });
  const isAboutName =
    opinion.kind === 'refuses' &&
    ['x509.host-name', 'x509.common-name-only'].includes(opinion.refusal.rule);
  if (!isAboutName || isCommonName(chain[0], hostName)) return content;

  const what = isIpAddress(hostName) ? 'IP address mismatch' : 'Hostname mismatch';
  const text = failed(`${what}, certificate is not valid for '${hostName}'`);
  const { said: _said, ...itself } = opinion.refusal;
  return refuses({ ...itself, text });
}

function isCommonName({ subject, subjectAltName }: Certificate, hostName: string): boolean {
  if (isIpAddress(hostName) || (subjectAltName?.dnsNames.length ?? 0) > 0) return false;
  return subject.commonName?.toLowerCase() === hostName.toLowerCase();
}

/** Security level 2, which OpenSSL 3.2 and Debian have by default, wants 2048 bits of RSA. */
function judgeKey({ chain, file }: ChainQuestion): Opinion {
  const [leaf] = chain;
  const { algorithm, bits = 0 } = leaf.publicKey;
  if (algorithm !== 'RSA' || bits >= 2048) return content;
  return undecided('openssl.weak-key', [`OpenSSL's security level: level 2 rejects ${bits} bits`], {
    blame: blameCertificate(leaf, file),
    remedy: rules['openssl.weak-key'].remedy({ file }),
  });
}

/** As Python, curl and most others print it. */
function failed(reason: string): string {
  return `certificate verify failed: ${reason}`;
}

function isRoot({ subject, issuer }: Certificate): boolean {
  return subject.raw === issuer.raw;
}
