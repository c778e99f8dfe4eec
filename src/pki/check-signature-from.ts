import { getOrMake } from '../model/get-or-make.ts';
import { checkSignature, unimplemented } from './check-signature.ts';
import type { Decoded } from './decode.ts';
import type { GoRelease } from './go-release.ts';
import type { SignatureFault } from './verification.ts';

const certSign = 1 << 5;

const checked = new WeakMap<Decoded, WeakMap<Decoded, Map<string, SignatureFault | undefined>>>();

/** Go's CheckSignatureFrom, remembered by pair: its error, or undefined. */
export function signatureRefusal(
  child: Decoded,
  parent: Decoded,
  go: GoRelease,
): SignatureFault | undefined {
  const byParent = getOrMake(
    checked,
    child,
    () => new WeakMap<Decoded, Map<string, SignatureFault | undefined>>(),
  );
  const byRelease = getOrMake(
    byParent,
    parent,
    () => new Map<string, SignatureFault | undefined>(),
  );
  if (byRelease.has(go.text)) return byRelease.get(go.text);
  const refusal = checkSignatureFrom(child, parent, go);
  byRelease.set(go.text, refusal);
  return refusal;
}

function checkSignatureFrom(
  child: Decoded,
  parent: Decoded,
  go: GoRelease,
): SignatureFault | undefined {
  const { version, basicConstraints, keyUsage = 0 } = parent;
  const lacksConstraints = version === 3 && basicConstraints === undefined;
  const isNoAuthority = basicConstraints?.isCa === false;
  const maySign = keyUsage === 0 || (keyUsage & certSign) !== 0;
  if (lacksConstraints || isNoAuthority || !maySign) {
    return {
      kind: 'x509.issuer-not-an-authority',
      text: 'x509: invalid signature: parent certificate cannot sign this kind of certificate',
    };
  }
  if (parent.key.kind === 'unknown') {
    return unimplemented;
  }
  const { signatureAlgorithm: algorithm, content, signature } = child;
  return checkSignature({ algorithm, content, signature }, parent.key, go);
}
