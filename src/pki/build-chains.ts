import { areEqual } from './bytes.ts';
import type { CertificatePool } from './certificate-pool.ts';
import { signatureRefusal } from './check-signature-from.ts';
import type { Decoded } from './decode.ts';
import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';
import { quote } from './go-text.ts';
import { findFault, type Place } from './find-fault.ts';
import type { Chain, Hint, Link, SignatureFault, VerificationError } from './verification.ts';

/** What chains are built from. */
export interface Building {
  readonly roots: CertificatePool;
  readonly intermediates: CertificatePool;
  readonly at: Date;
  readonly go: GoRelease;
}

/** How many signatures Go checks for one verification. */
const mostSignatureChecks = 100;

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
  /** Until 1.18 the chains above a certificate were remembered, whatever the chain below it. */
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
      if (search.error?.kind === 'x509.signature-limit' && this.#stopsAtLimit()) break;
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
      search.hint ??= { certificate: parent.certificate, ...refusal };
      return;
    }
    const fault = findFault(parent, place, search.chain, this.#building);
    delete search.error;
    if (fault !== undefined) {
      search.error = fault;
      // The near miss is reported since 1.21.
      if (isSince(this.#go, 21)) {
        search.hint ??= {
          certificate: parent.certificate,
          kind: 'x509.unknown-authority',
          text: fault.text,
        };
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
    const remembered = isSince(this.#go, 19) ? undefined : this.#remembered.get(parent);
    const outcome = remembered ?? this.extend(longer);
    if (!isSince(this.#go, 19)) this.#remembered.set(parent, { chains: outcome.chains });
    search.chains.push(...outcome.chains);
    if (outcome.error !== undefined) search.error = outcome.error;
  }

  #isOverLimit(search: Search): boolean {
    this.#checks += 1;
    if (this.#checks <= mostSignatureChecks) return false;
    search.error = {
      kind: 'x509.signature-limit',
      text: 'x509: signature check attempts limit reached while verifying certificate chain',
      certificate: search.child.certificate,
    };
    return true;
  }

  /** Keys of unknown kinds are passed over since 1.21. */
  #isPassedOver({ chain }: Search, { certificate, decoded }: Link): boolean {
    if (isSince(this.#go, 21) && decoded.key.kind === 'unknown') return true;
    if (isSince(this.#go, 19)) return isInChain(decoded, chain);
    return chain.some((link) => link.certificate.sha256 === certificate.sha256);
  }

  /** Since CVE-2026-32280 the limit is looked at first, and ends the search. */
  #stopsAtLimit(): boolean {
    return isPatchedSince(this.#go, [25, 9], [26, 2]);
  }
}

type NearMiss = Hint & SignatureFault;

interface Search {
  readonly chain: Chain;
  readonly child: Link;
  readonly chains: Chain[];
  error?: VerificationError;
  hint?: NearMiss;
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

function unknownAuthority(child: Link, hint: NearMiss | undefined): VerificationError {
  const text = 'x509: certificate signed by unknown authority';
  const { certificate } = child;
  if (hint === undefined) return { kind: 'x509.unknown-authority', certificate, text };
  const blamed = hint.kind === 'x509.issuer-not-an-authority' ? hint.certificate : certificate;
  const reason = `possibly because of ${quote(hint.text)} while trying to verify candidate authority certificate ${quote(nameOf(hint.certificate))}`;
  return { kind: hint.kind, certificate: blamed, text: `${text} (${reason})`, hint };
}

function nameOf({ subject, serialNumber }: Hint['certificate']): string {
  const { commonName = '', organization } = subject;
  if (commonName !== '') return commonName;
  return organization[0] ?? `serial:${toDecimal(serialNumber)}`;
}

function toDecimal(serialNumber: string): string {
  const isNegative = serialNumber.startsWith('-');
  const magnitude = BigInt(`0x${isNegative ? serialNumber.slice(1) : serialNumber}`);
  return String(isNegative ? -magnitude : magnitude);
}
