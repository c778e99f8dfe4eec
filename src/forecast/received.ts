import type { Certificate } from '../model/certificate.ts';
import type { Block } from '../model/files.ts';
import { type GoRelease, isPatchedSince } from '../pki/go-release.ts';
import { asCertificate } from '../pki/load-ca-pool.ts';
import { asPrinted, isParseFault } from '../pki/malformed.ts';
import { blameCertificate, type Opinion, type Refusal } from './judgement.ts';
import type { Credential } from './material.ts';
import { rules } from './rules.ts';

type Shown = Extract<Credential, { readonly kind: 'files' }>;

/**
 * What crypto/tls makes of the certificates that the other side sends: each is parsed in turn, whether or not a
 * chain needs it, and one that fails ends the handshake.
 */
export function receive(shown: Shown, go: GoRelease, sender: 'server' | 'client'): Refusal | Shown {
  const parsed: Certificate[] = [];
  for (const block of shown.sent) {
    const certificate = asCertificate(block, go);
    if (isParseFault(certificate))
      return unreadable(block, shown.file, asPrinted(certificate, go).text);
    if (isOversized(certificate, go)) return oversized(certificate, shown.file, sender);
    parsed.push(certificate);
  }
  const [leaf, ...rest] = parsed;
  return leaf === undefined ? shown : { ...shown, chain: [leaf, ...rest] };
}

export function isRefusal(received: Refusal | Credential): received is Refusal {
  return 'rule' in received;
}

/** A certificate after the leaf that cannot be read is left out, and the others are judged then. */
export function followed(refusal: Refusal, shown: Credential, rest: Opinion): Refusal {
  const isAfterLeaf =
    refusal.rule === 'x509.malformed' &&
    shown.kind === 'files' &&
    refusal.blame?.sha256 !== shown.chain[0].sha256;
  return isAfterLeaf && rest.kind === 'refuses' ? { ...refusal, behind: rest.refusal } : refusal;
}

function unreadable(block: Block, file: string, text: string): Refusal {
  const location = { file, line: block.line };
  return {
    rule: 'x509.malformed',
    text,
    said: 'on-parsing',
    blame:
      block.kind === 'certificate' ? blameCertificate(block.certificate, file) : { file, location },
    remedy: rules['x509.malformed'].remedy({ file }),
  };
}

const largestRsaKey = 8192;

/** Go refuses to spend its time on longer keys than this, since 1.19.13, 1.20.8 and 1.21.1. */
function isOversized({ publicKey }: Certificate, go: GoRelease): boolean {
  const isLarge = publicKey.algorithm === 'RSA' && (publicKey.bits ?? 0) > largestRsaKey;
  return isLarge && isPatchedSince(go, [19, 13], [20, 8], [21, 1]);
}

function oversized(certificate: Certificate, file: string, sender: 'server' | 'client'): Refusal {
  const blamed = certificate.subject.text;
  return {
    rule: 'tls.oversized-key',
    text: `tls: ${sender} sent certificate containing RSA key larger than ${largestRsaKey} bits`,
    blame: blameCertificate(certificate, file),
    remedy: rules['tls.oversized-key'].remedy({ blamed, most: largestRsaKey }),
  };
}
