import { areEqual } from './bytes.ts';
import type { CertificatePool } from './certificate-pool.ts';
import { checkSignature } from './check-signature.ts';
import type { Decoded } from './decode.ts';
import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';
import { formatTime, quote } from './go-text.ts';
import { commonNameStandsIn } from './host-name.ts';
import { constrainStep } from './constrain-step.ts';
import type { Chain, Link, VerificationError } from './verification.ts';

/** What chains are built from. */
export interface Building {
  readonly roots: CertificatePool;
  readonly intermediates: CertificatePool;
  readonly at: Date;
  readonly go: GoRelease;
}

/** How many signatures Go checks for one verification. */
const mostSignatureChecks = 100;

type Place = 'leaf' | 'intermediate' | 'root';

/** All chains found, or why there is none. */
export interface Outcome {
  readonly chains: readonly Chain[];
  readonly error?: VerificationError;
}

/** Every chain from the leaf to a root, or the error that Go would show instead. */
export function buildChains(leaf: Link, building: Building): Outcome {
  return new Builder(building).extend([leaf]);
}

class Builder {
  readonly #building: Building;
  readonly #go: GoRelease;
  /** Until 1.15 the chains above a certificate were remembered, whatever the chain below it. */
  readonly #remembered = new Map<Link, Outcome>();
  #checks = 0;

  constructor(building: Building) {
    this.#building = building;
    this.#go = building.go;
  }

  extend(chain: Chain): Outcome {
    const child = chain.at(-1);
    if (child === undefined) return { chains: [] };
    const { roots, intermediates } = this.#building;
    const search: Search = { chain, child, chains: [] };
    const parents = [
      ...roots.candidates(child).map((link) => ({ link, place: 'root' as const })),
      ...intermediates.candidates(child).map((link) => ({ link, place: 'intermediate' as const })),
    ];
    for (const { link, place } of parents) {
      this.#consider(search, link, place);
      if (search.error?.kind === 'signature-limit' && this.#stopsAtLimit()) break;
    }
    const { chains, error } = search;
    if (chains.length > 0) return { chains };
    return { chains, error: error ?? unknownAuthority(child, search.hint) };
  }

  /** Go's considerCandidate: what it leaves in `error` is what the last candidate came to. */
  #consider(search: Search, parent: Link, place: Exclude<Place, 'leaf'>): void {
    if (!this.#isWorthChecking(search, parent)) return;
    const refusal = signatureRefusal(search.child.decoded, parent.decoded, this.#go);
    if (refusal !== undefined) {
      search.hint ??= { certificate: parent.certificate, text: refusal };
      return;
    }
    const fault = findFault(parent, place, search.chain, this.#building);
    delete search.error;
    if (fault !== undefined) {
      search.error = fault;
      // The near miss is told of since 1.21.
      if (isSince(this.#go, 21)) {
        search.hint ??= { certificate: parent.certificate, text: fault.text };
      }
      return;
    }
    const longer = [...search.chain, parent];
    if (place === 'root') search.chains.push(longer);
    else this.#descend(search, parent, longer);
  }

  #isWorthChecking(search: Search, parent: Link): boolean {
    return this.#stopsAtLimit()
      ? !this.#isOverLimit(search) && !this.#isPassedOver(search, parent)
      : !this.#isPassedOver(search, parent) && !this.#isOverLimit(search);
  }

  #descend(search: Search, parent: Link, longer: Chain): void {
    const remembered = isSince(this.#go, 16) ? undefined : this.#remembered.get(parent);
    const outcome = remembered ?? this.extend(longer);
    if (!isSince(this.#go, 16)) this.#remembered.set(parent, { chains: outcome.chains });
    search.chains.push(...outcome.chains);
    if (outcome.error !== undefined) search.error = outcome.error;
  }

  #isOverLimit(search: Search): boolean {
    this.#checks += 1;
    if (this.#checks <= mostSignatureChecks) return false;
    search.error = {
      kind: 'signature-limit',
      text: 'x509: signature check attempts limit reached while verifying certificate chain',
      certificate: search.child.certificate,
    };
    return true;
  }

  /** Keys of unknown kinds are passed over since 1.21. */
  #isPassedOver({ chain }: Search, { certificate, decoded }: Link): boolean {
    if (isSince(this.#go, 21) && decoded.key.kind === 'unknown') return true;
    if (isSince(this.#go, 16)) return isInChain(decoded, chain);
    return chain.some((link) => link.certificate.sha256 === certificate.sha256);
  }

  /** Since CVE-2026-32280 the limit is looked at first, and ends the search. */
  #stopsAtLimit(): boolean {
    return isPatchedSince(this.#go, [25, 9], [26, 2]);
  }
}

interface Search {
  readonly chain: Chain;
  readonly child: Link;
  readonly chains: Chain[];
  error?: VerificationError;
  hint?: NonNullable<VerificationError['hint']>;
}

/** The same subject, key and names make a loop; a name on one side only ends the comparison. */
function isInChain(candidate: Decoded, chain: Chain): boolean {
  for (const { decoded } of chain) {
    if (candidate.subject.raw !== decoded.subject.raw) continue;
    if (!areEqual(candidate.publicKeyInfo, decoded.publicKeyInfo)) continue;
    const left = candidate.altNamesValue;
    const right = decoded.altNamesValue;
    if (left === undefined || right === undefined) return left === right;
    if (areEqual(left, right)) return true;
  }
  return false;
}

const certSign = 1 << 5;

const checked = new WeakMap<Decoded, WeakMap<Decoded, Map<string, string | undefined>>>();

/** Go's CheckSignatureFrom, remembered by pair: the text of its error, or undefined. */
export function signatureRefusal(
  child: Decoded,
  parent: Decoded,
  go: GoRelease,
): string | undefined {
  const byParent = getOrMake(checked, child, () => new WeakMap());
  const byRelease = getOrMake(byParent, parent, () => new Map<string, string | undefined>());
  if (byRelease.has(go.text)) return byRelease.get(go.text);
  const refusal = checkSignatureFrom(child, parent, go);
  byRelease.set(go.text, refusal);
  return refusal;
}

function getOrMake<Key extends object, Value>(
  map: WeakMap<Key, Value>,
  key: Key,
  make: () => Value,
): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function checkSignatureFrom(child: Decoded, parent: Decoded, go: GoRelease): string | undefined {
  const { version, basicConstraints, keyUsage = 0 } = parent;
  const lacksConstraints = version === 3 && basicConstraints === undefined;
  const isNoAuthority = basicConstraints?.isCa === false;
  const maySign = keyUsage === 0 || (keyUsage & certSign) !== 0;
  if (lacksConstraints || isNoAuthority || !maySign) {
    return 'x509: invalid signature: parent certificate cannot sign this kind of certificate';
  }
  if (parent.key.kind === 'unknown') {
    return 'x509: cannot verify signature: algorithm unimplemented';
  }
  const { signatureAlgorithm: algorithm, content, signature } = child;
  return checkSignature({ algorithm, content, signature }, parent.key, go);
}

/** Go's isValid: what is wrong with a certificate at this place of this chain. */
export function findFault(
  link: Link,
  place: Place,
  chain: Chain,
  { at, go }: Building,
): VerificationError | undefined {
  const { certificate, decoded } = link;
  if (decoded.unhandledCritical.length > 0) {
    return { kind: 'critical-extension', text: 'x509: unhandled critical extension', certificate };
  }
  const child = chain.at(-1);
  if (child !== undefined && child.decoded.issuer.raw !== decoded.subject.raw) {
    const text = 'x509: issuer name does not match subject from issuing certificate';
    return { kind: 'name-mismatch', text, certificate };
  }
  const outOfDate = findDateFault(link, at);
  if (outOfDate !== undefined || place === 'leaf') return outOfDate ?? findLengthFault(link, chain);
  return findConstraintFault(link, chain, go) ?? findAuthorityFault(link, place, chain);
}

function findDateFault(
  { certificate, decoded: { notBefore, notAfter } }: Link,
  at: Date,
): VerificationError | undefined {
  const now = at.getTime();
  const isEarly = now < notBefore.milliseconds;
  if (!isEarly && now <= notAfter.milliseconds) return undefined;

  const [relation, limit] = isEarly
    ? (['before', notBefore] as const)
    : (['after', notAfter] as const);
  const written = formatTime(limit.milliseconds, limit.offsetMinutes);
  return {
    kind: isEarly ? 'not-yet-valid' : 'expired',
    text: `x509: certificate has expired or is not yet valid: current time ${formatTime(now)} is ${relation} ${written}`,
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
    return { kind: 'name-constraints', text, certificate };
  }
  const below =
    go.nameConstraints === 'all-below'
      ? chain.map((link) => link.decoded)
      : [...chain.slice(0, 1).map((link) => link.decoded), ...(isSince(go, 16) ? [decoded] : [])];
  const names = below.flatMap(({ altNames }) => (altNames === undefined ? [] : [altNames]));
  const text = constrainStep(nameConstraints, names, go);
  return text === undefined ? undefined : { kind: 'name-constraints', text, certificate };
}

function findAuthorityFault(link: Link, place: Place, chain: Chain): VerificationError | undefined {
  const { certificate, decoded } = link;
  if (place === 'intermediate' && decoded.basicConstraints?.isCa !== true) {
    const text = 'x509: certificate is not authorized to sign other certificates';
    return { kind: 'not-an-authority', text, certificate };
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
  return { kind: 'path-length', text, certificate };
}

function unknownAuthority(child: Link, hint: VerificationError['hint']): VerificationError {
  const text = 'x509: certificate signed by unknown authority';
  const error = { kind: 'unknown-authority', certificate: child.certificate } as const;
  if (hint === undefined) return { ...error, text };
  const reason = `possibly because of ${quote(hint.text)} while trying to verify candidate authority certificate ${quote(nameOf(hint.certificate))}`;
  return { ...error, text: `${text} (${reason})`, hint };
}

function nameOf({ subject, serialNumber }: VerificationHintCertificate): string {
  const { commonName = '', organization } = subject;
  if (commonName !== '') return commonName;
  return organization[0] ?? `serial:${toDecimal(serialNumber)}`;
}

type VerificationHintCertificate = NonNullable<VerificationError['hint']>['certificate'];

function toDecimal(serialNumber: string): string {
  const isNegative = serialNumber.startsWith('-');
  const magnitude = BigInt(`0x${isNegative ? serialNumber.slice(1) : serialNumber}`);
  return String(isNegative ? -magnitude : magnitude);
}
