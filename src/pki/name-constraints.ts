import { toHex } from './bytes.ts';
import { contextTag, DerReader, type Element, explicitTag, tag } from './der-reader.ts';
import { decodeIa5 } from './distinguished-name.ts';
import { isDomainName } from './domain-name.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { quote, toGoString } from './go-text.ts';
import { type IpRange, isMapped, parseIpAddress } from './ip-address.ts';
import { parseMailbox } from './mailbox.ts';
import { Malformed } from './malformed.ts';

/** One side of a nameConstraints extension, of the kinds that Go knows. */
export interface Subtrees {
  readonly dnsNames: readonly string[];
  readonly ipRanges: readonly IpRange[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export interface Constraints {
  readonly permitted: Subtrees;
  readonly excluded: Subtrees;
  /** Whether there are constraints of other kinds, which a critical extension must not have. */
  readonly hasUnknown: boolean;
}

export function readNameConstraints(value: Uint8Array, go: GoRelease): Constraints {
  const outer = new DerReader(value);
  const fields = outer.inside(tag.sequence);
  const permitted = fields.optional(explicitTag(0));
  const excluded = fields.optional(explicitTag(1));
  const isWhole = outer.isEmpty && fields.isEmpty;
  if (!isWhole || permitted === undefined || excluded === undefined) {
    throw new Malformed('x509: invalid NameConstraints extension');
  }
  if (isNothing(permitted) && isNothing(excluded)) {
    throw new Malformed('x509: empty name constraints extension');
  }
  const left = readSubtrees(permitted, go);
  const right = readSubtrees(excluded, go);
  return { permitted: left, excluded: right, hasUnknown: left.hasUnknown || right.hasUnknown };
}

function isNothing(subtrees: Uint8Array | 'none'): boolean {
  return subtrees === 'none' || subtrees.length === 0;
}

interface Collected {
  readonly dnsNames: string[];
  readonly ipRanges: IpRange[];
  readonly emailAddresses: string[];
  readonly uris: string[];
  hasUnknown: boolean;
}

function readSubtrees(subtrees: Uint8Array | 'none', go: GoRelease): Collected {
  const collected: Collected = {
    dnsNames: [],
    ipRanges: [],
    emailAddresses: [],
    uris: [],
    hasUnknown: false,
  };
  if (subtrees === 'none') return collected;
  const reader = new DerReader(subtrees);
  while (!reader.isEmpty) {
    const base = reader.enter(tag.sequence)?.element();
    if (base === undefined) throw new Malformed('x509: invalid NameConstraints extension');
    collect(collected, base, go);
  }
  return collected;
}

function collect(collected: Collected, { tag: kind, content }: Element, go: GoRelease): void {
  switch (kind) {
    case contextTag(1):
      collected.emailAddresses.push(checkEmail(ia5(content), go));
      break;
    case contextTag(2):
      collected.dnsNames.push(checkDomain(ia5(content), 'dnsName', go));
      break;
    case contextTag(6):
      collected.uris.push(checkUri(ia5(content), go));
      break;
    case contextTag(7):
      collected.ipRanges.push(readRange(content, go));
      break;
    default:
      collected.hasUnknown = true;
  }
}

function ia5(content: Uint8Array): string {
  const text = decodeIa5(content);
  if (text !== undefined) return text;
  throw new Malformed(
    `x509: invalid constraint value: x509: ${quote(toGoString(content))} cannot be encoded as an IA5String`,
  );
}

function checkDomain(domain: string, kind: string, go: GoRelease): string {
  if (isDomainName(domain, 'constraint', go)) return domain;
  throw new Malformed(`x509: failed to parse ${kind} constraint ${quote(domain)}`);
}

/** With an `@` it is one mailbox, without one a domain. */
function checkEmail(constraint: string, go: GoRelease): string {
  if (!constraint.includes('@')) return checkDomain(constraint, 'rfc822Name', go);
  if (parseMailbox(constraint, go) !== undefined) return constraint;
  throw new Malformed(`x509: failed to parse rfc822Name constraint ${quote(constraint)}`);
}

function checkUri(domain: string, go: GoRelease): string {
  if (parseIpAddress(domain, go) !== undefined) {
    throw new Malformed(
      `x509: failed to parse URI constraint ${quote(domain)}: cannot be IP address`,
    );
  }
  return checkDomain(domain, 'URI', go);
}

function readRange(value: Uint8Array, go: GoRelease): IpRange {
  if (value.length !== 8 && value.length !== 32) {
    throw new Malformed(`x509: IP constraint contained value of length ${value.length}`);
  }
  const address = value.subarray(0, value.length / 2);
  const mask = value.subarray(value.length / 2);
  if (!isPrefix(mask)) {
    throw new Malformed(`x509: IP constraint contained invalid mask ${toHex(mask)}`);
  }
  if (isMapped(address) && isSince(go, 27)) {
    throw new Malformed('x509: IP constraint contained IPv4-mapped IPv6 address');
  }
  return { address, mask };
}

function isPrefix(mask: Uint8Array): boolean {
  return /^1*0*$/.test([...mask].map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}
