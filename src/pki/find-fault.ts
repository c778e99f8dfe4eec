import { constrainStep } from './constrain-step.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { formatTime } from './go-text.ts';
import { commonNameStandsIn } from './host-name.ts';
import type { Chain, Link, VerificationError } from './verification.ts';

/** The place of a certificate in a chain. */
export type Place = 'leaf' | 'intermediate' | 'root';

/** A moment that is within the dates of every certificate: asks what else is wrong with a chain. */
export const anyTime = new Date(Number.NaN);

/** Go's isValid: what is wrong with a certificate at this place of this chain. */
export function findFault(
  link: Link,
  place: Place,
  chain: Chain,
  { at, go }: { readonly at: Date; readonly go: GoRelease },
): VerificationError | undefined {
  const { certificate, decoded } = link;
  if (decoded.unhandledCritical.length > 0) {
    return {
      kind: 'x509.critical-extension',
      text: 'x509: unhandled critical extension',
      certificate,
    };
  }
  const child = chain.at(-1);
  if (child !== undefined && child.decoded.issuer.raw !== decoded.subject.raw) {
    const text = 'x509: issuer name does not match subject from issuing certificate';
    return { kind: 'x509.name-mismatch', text, certificate };
  }
  const outOfDate = findDateFault(link, at, go);
  if (outOfDate !== undefined || place === 'leaf') return outOfDate ?? findLengthFault(link, chain);
  return findConstraintFault(link, chain, go) ?? findAuthorityFault(link, place, chain);
}

function findDateFault(
  { certificate, decoded: { notBefore, notAfter } }: Link,
  at: Date,
  go: GoRelease,
): VerificationError | undefined {
  if (at === anyTime) return undefined;
  const now = at.getTime();
  const isEarly = now < notBefore.milliseconds;
  if (!isEarly && now <= notAfter.milliseconds) return undefined;

  const [relation, limit] = isEarly
    ? (['before', notBefore] as const)
    : (['after', notAfter] as const);
  const written = formatTime(limit.milliseconds, limit.offsetMinutes);
  // The times are in the text since 1.14.
  const times = isSince(go, 14)
    ? `: current time ${formatTime(now)} is ${relation} ${written}`
    : '';
  return {
    kind: isEarly ? 'x509.not-yet-valid' : 'x509.expired',
    text: `x509: certificate has expired or is not yet valid${times}`,
    certificate,
  };
}

function findConstraintFault(
  { certificate, decoded }: Link,
  chain: Chain,
  go: GoRelease,
): VerificationError | undefined {
  const { nameConstraints } = decoded;
  if (nameConstraints === undefined || go.nameConstraints === 'complete-chain') return undefined;
  const [leaf] = chain;
  if (leaf !== undefined && commonNameStandsIn(leaf.decoded, go)) {
    const text = "x509: issuer has name constraints but leaf doesn't have a SAN extension";
    return { kind: 'x509.name-constraints', text, certificate };
  }
  const below =
    go.nameConstraints === 'all-below'
      ? chain.map((link) => link.decoded)
      : [...chain.slice(0, 1).map((link) => link.decoded), ...(isSince(go, 19) ? [decoded] : [])];
  const names = below.flatMap(({ altNames }) => (altNames === undefined ? [] : [altNames]));
  const text = constrainStep(nameConstraints, names, go);
  return text === undefined ? undefined : { kind: 'x509.name-constraints', text, certificate };
}

function findAuthorityFault(link: Link, place: Place, chain: Chain): VerificationError | undefined {
  const { certificate, decoded } = link;
  if (place === 'intermediate' && decoded.basicConstraints?.isCa !== true) {
    const text = 'x509: certificate is not authorized to sign other certificates';
    return { kind: 'x509.issuer-not-an-authority', text, certificate };
  }
  return findLengthFault(link, chain);
}

/** Self-issued certificates count, against RFC 5280. */
function findLengthFault(
  { certificate, decoded }: Link,
  chain: Chain,
): VerificationError | undefined {
  const limit = decoded.basicConstraints?.maxPathLength;
  if (limit === undefined || chain.length - 1 <= limit) return undefined;
  const text = 'x509: too many intermediates for path length constraint';
  return { kind: 'x509.path-length', text, certificate };
}
