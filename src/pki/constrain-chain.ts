import { compareBytes } from './bytes.ts';
import { isDomainName } from './domain-name.ts';
import type { Decoded } from './decode.ts';
import { type GoRelease, isSince } from './go-release.ts';
import { lowerCaseAscii, quote } from './go-text.ts';
import { formatIpAddress, formatIpRange, type IpRange, isInRange } from './ip-address.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';
import type { AltNames } from './subject-alt-name.ts';
import { findUriHost } from './uri-host.ts';
import { compareDomains, isSuffix, SortedSet } from './sorted-set.ts';

/**
 * Name constraints as Go checks them since 1.26, when the chain is complete: the names of every
 * certificate by the constraints of every one above. Gives what follows "not authorized to sign for
 * this name".
 */
export function constrainChain(chain: readonly Decoded[], go: GoRelease): string | undefined {
  const authorities = chain.map(({ nameConstraints }) =>
    nameConstraints === undefined ? undefined : new Authority(nameConstraints, go),
  );
  for (const [index, { altNames }] of chain.entries()) {
    const above = authorities.slice(index + 1).filter((authority) => authority !== undefined);
    if (altNames === undefined || above.length === 0) continue;
    const names = prepare(altNames, go);
    if (typeof names === 'string') return names;
    for (const authority of above) {
      const fault = authority.judge(names);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** Names in the form in which they are compared. */
interface Names {
  readonly addresses: readonly Uint8Array[];
  readonly domains: readonly string[];
  readonly uris: readonly { readonly text: string; readonly host: string }[];
  readonly mailboxes: readonly Mailbox[];
}

function prepare(names: AltNames, go: GoRelease): Names | string {
  const uris: { readonly text: string; readonly host: string }[] = [];
  for (const uri of names.uris) {
    const found = findUriHost({ host: lowerCaseAscii(uri.host), text: uri.text }, go);
    if ('error' in found) return found.error;
    uris.push({ text: uri.text, host: found.host });
  }
  const mailboxes: Mailbox[] = [];
  for (const address of names.emailAddresses) {
    const mailbox = parseMailbox(address, go);
    if (mailbox === undefined) return `cannot parse rfc822Name ${quote(address)}`;
    mailboxes.push({ ...mailbox, domain: lowerCaseAscii(mailbox.domain) });
  }
  return { addresses: names.ipAddresses, domains: names.dnsNames, uris, mailboxes };
}

/** Finds the constraint that a name falls under; undefined when there are no constraints of the kind. */
type Search<Value> = ((value: Value) => string | undefined) | undefined;

interface Pair<Value> {
  readonly label: string;
  readonly permitted: Search<Value>;
  readonly excluded: Search<Value>;
}

class Authority {
  readonly #go: GoRelease;
  readonly #addresses: Pair<Uint8Array>;
  readonly #domains: Pair<string>;
  readonly #uris: Pair<string>;
  readonly #mailboxes: Pair<Mailbox>;

  constructor({ permitted, excluded }: NonNullable<Decoded['nameConstraints']>, go: GoRelease) {
    this.#go = go;
    this.#addresses = {
      label: 'IP address',
      permitted: searchRanges(permitted.ipRanges, go),
      excluded: searchRanges(excluded.ipRanges, go),
    };
    this.#domains = {
      label: 'DNS name',
      permitted: searchDomains(permitted.dnsNames, 'permitted'),
      excluded: searchDomains(excluded.dnsNames, 'excluded'),
    };
    this.#uris = {
      label: 'URI',
      permitted: searchDomains(permitted.uris, 'permitted'),
      excluded: searchDomains(excluded.uris, 'excluded'),
    };
    this.#mailboxes = {
      label: 'email address',
      permitted: searchMailboxes(permitted.emailAddresses, 'permitted', go),
      excluded: searchMailboxes(excluded.emailAddresses, 'excluded', go),
    };
  }

  judge({ addresses, domains, uris, mailboxes }: Names): string | undefined {
    for (const address of addresses) {
      const fault = judge(this.#addresses, address, formatIpAddress(address));
      if (fault !== undefined) return fault;
    }
    for (const domain of domains) {
      if (!isDomainName(domain, 'name', this.#go)) {
        return `x509: cannot parse dnsName ${quote(domain)}`;
      }
      const fault = judge(this.#domains, domain, domain);
      if (fault !== undefined) return fault;
    }
    return this.#judgeRest(uris, mailboxes);
  }

  #judgeRest(uris: Names['uris'], mailboxes: Names['mailboxes']): string | undefined {
    for (const { host, text } of uris) {
      if (!isDomainName(host, 'name', this.#go)) {
        return `x509: internal error: URI SAN ${quote(text)} failed to parse`;
      }
      const fault = judge(this.#uris, host, text);
      if (fault !== undefined) return fault;
    }
    for (const mailbox of mailboxes) {
      const text = `${mailbox.local}@${mailbox.domain}`;
      if (!isDomainName(mailbox.domain, 'name', this.#go)) {
        return `x509: cannot parse rfc822Name ${quote(text)}`;
      }
      const fault = judge(this.#mailboxes, mailbox, text);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
}

function judge<Value>(
  { label, permitted, excluded }: Pair<Value>,
  value: Value,
  text: string,
): string | undefined {
  if (permitted !== undefined && permitted(value) === undefined) {
    return `${label} ${quote(text)} is not permitted by any constraint`;
  }
  const constraint = excluded?.(value);
  if (constraint === undefined) return undefined;
  return `${label} ${quote(text)} is excluded by constraint ${quote(constraint)}`;
}

function searchRanges(ranges: readonly IpRange[], go: GoRelease): Search<Uint8Array> {
  if (ranges.length === 0) return undefined;
  // Bits of hosts in a constraint lead the search astray until 1.27.
  const networks = isSince(go, 27) ? ranges.map(toNetwork) : ranges;
  const setOf = (length: number): SortedSet<IpRange, Uint8Array> =>
    new SortedSet(
      networks.filter(({ address }) => address.length === length),
      {
        compare: (left, right) =>
          compareBytes(left.address, right.address) || compareBytes(left.mask, right.mask),
        isWithin: isSubnet,
        locate: (range, address) => compareBytes(range.address, address),
        matches: (range, address) => isInRange(address, range),
      },
    );
  const sets = new Map([4, 16].map((length) => [length, setOf(length)]));
  return (address) => {
    const found = sets.get(address.length)?.find(address);
    return found === undefined ? undefined : formatIpRange(found);
  };
}

function toNetwork({ address, mask }: IpRange): IpRange {
  return { mask, address: address.map((byte, index) => byte & (mask[index] ?? 0)) };
}

function isSubnet(outer: IpRange, inner: IpRange): boolean {
  const last = inner.address.map((byte, index) => byte | (~(inner.mask[index] ?? 0) & 0xff));
  return isInRange(inner.address, outer) && isInRange(last, outer);
}

type Side = 'permitted' | 'excluded';

function searchDomains(constraints: readonly string[], side: Side): Search<string> {
  if (constraints.length === 0) return undefined;
  if (constraints.includes('')) return () => '';
  const set = new SortedSet<string, string>(constraints, {
    compare: compareDomains,
    isWithin: isSuffix,
    locate: compareDomains,
    matches: isSuffix,
  });
  if (side === 'permitted') return (domain) => set.find(domain);

  // What a wildcard name covers in addition to its own subtree.
  const parents = new Map(
    set.items.map((name) => [afterFirstLabel(lowerCaseAscii(name)), lowerCaseAscii(name)]),
  );
  parents.delete('');
  return (domain) => {
    const found = set.find(domain);
    if (found !== undefined || !domain.startsWith('*')) return found;
    return parents.get(afterFirstLabel(lowerCaseAscii(domain)));
  };
}

function afterFirstLabel(domain: string): string {
  const dot = domain.indexOf('.');
  return dot < 0 ? '' : domain.slice(dot);
}

function searchMailboxes(
  constraints: readonly string[],
  side: Side,
  go: GoRelease,
): Search<Mailbox> {
  if (constraints.length === 0) return undefined;
  const exact = new Set(
    constraints
      .filter((constraint) => constraint.includes('@'))
      .flatMap((constraint) => {
        const mailbox = parseMailbox(constraint, go);
        return mailbox === undefined ? [] : [`${mailbox.local}@${lowerCaseAscii(mailbox.domain)}`];
      }),
  );
  const byDomain = searchDomains(
    constraints.filter((constraint) => !constraint.includes('@')),
    side,
  );
  return ({ local, domain }) => {
    const text = `${local}@${domain}`;
    return exact.has(text) ? text : byDomain?.(domain);
  };
}
