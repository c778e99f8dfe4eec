import { isAtLeast } from '../etcd/version.ts';
import { type GoRelease, isPatchedSince } from '../pki/go-release.ts';
import { notAllowedText } from './allowed-names.ts';
import {
  blameCertificate,
  blameSetting,
  type Opinion,
  type Refusal,
  undecided,
} from './judgement.ts';
import type { Listener } from './listener.ts';
import type { Credential } from './material.ts';

/** Nothing can be said of what a file holds that was not given. */
export function notGiven(files: readonly string[]): Opinion {
  return undecided('file.not-given', [`the content of ${files.join(', ')}, which was not given`]);
}

/** The refusal by `--peer-cert-allowed-cn` and its kin. */
export function notAllowed({ effective, version }: Listener, credential: Credential): Refusal {
  const setting = effective.allowedCns ?? effective.allowedHostnames;
  const blamed =
    credential.kind === 'files'
      ? blameCertificate(credential.chain[0], credential.file)
      : blameSetting(setting);
  return {
    rule: 'etcd.name-not-allowed',
    text: notAllowedText(!isAtLeast(version, '3.4.0')),
    blame: blamed,
    remedy: `allow the certificate's name (${setting?.origin.name ?? 'allowed names'}), on every member alike, or reissue it with an allowed one`,
  };
}

const largestRsaKey = 8192;

/** Go refuses to spend its time on longer keys than this, since 1.19.13, 1.20.8 and 1.21.1. */
export function oversizedKey(
  credential: Extract<Credential, { kind: 'files' }>,
  go: GoRelease,
  side: 'server' | 'client',
): Refusal | undefined {
  if (!isPatchedSince(go, [19, 13], [20, 8], [21, 1])) return undefined;
  const large = credential.chain.find(
    ({ publicKey }) => publicKey.algorithm === 'RSA' && (publicKey.bits ?? 0) > largestRsaKey,
  );
  return large === undefined
    ? undefined
    : {
        rule: 'tls.oversized-key',
        text: `tls: ${side} sent certificate containing RSA key larger than ${largestRsaKey} bits`,
        blame: blameCertificate(large, credential.file),
        remedy: `reissue ${large.subject.text} with a key of at most ${largestRsaKey} bits`,
      };
}
