import { matchesDomain } from './domain-constraints.ts';
import { isDomainName } from './domain-name.ts';
import type { GoRelease } from './go-release.ts';
import { quote } from './go-text.ts';
import { formatIpAddress, formatIpRange, type IpRange } from './ip-address.ts';
import { type Mailbox, parseMailbox } from './mailbox.ts';
import type { Constraints } from './name-constraints.ts';
import type { AltName, AltNames } from './subject-alt-name.ts';
import { findUriHost } from './uri-host.ts';
import { notAuthorized } from './verification-texts.ts';

/** Go's own limit on comparisons of one certificate's constraints. */
const mostComparisons = 250_000;

/**
 * Name constraints as Go checked them until 1.25, when an authority is added to the chain. Gives the
 * text of the error on the first name that is not allowed.
 */
export function constrainStep(
  constraints: Constraints,
  below: readonly AltNames[],
  go: GoRelease,
): string | undefined {
  const budget = { comparisons: 0 };
  for (const { ordered } of below) {
    for (const name of ordered) {
      const fault = judgeName(name, constraints, budget, go);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

interface Budget {
  comparisons: number;
}

function judgeName(
  name: AltName,
  constraints: Constraints,
  budget: Budget,
  go: GoRelease,
): string | undefined {
  switch (name.kind) {
    case 'dns':
      return judgeDomain(name.text, constraints, budget, go);
    case 'email':
      return judgeEmail(name.text, constraints, budget, go);
    case 'uri':
      return judgeUri(name.uri, constraints, budget, go);
    case 'ip':
      return judgeAddress(name.address, constraints, budget);
  }
}

/** One name, and how it is compared with one constraint. A string is an error. */
interface Comparison<Constraint> {
  readonly label: string;
  readonly name: string;
  readonly matches: (constraint: Constraint, isExcluded: boolean) => boolean | string;
  readonly show: (constraint: Constraint) => string;
}

function compare<Constraint>(
  { label, name, matches, show }: Comparison<Constraint>,
  { permitted, excluded }: Record<'permitted' | 'excluded', readonly Constraint[]>,
  budget: Budget,
): string | undefined {
  budget.comparisons += excluded.length;
  if (budget.comparisons > mostComparisons) return 'x509: unknown error';
  for (const constraint of excluded) {
    const match = matches(constraint, true);
    if (typeof match === 'string') return notAuthorized(match);
    if (match) {
      return notAuthorized(`${label} ${quote(name)} is excluded by constraint ${show(constraint)}`);
    }
  }
  budget.comparisons += permitted.length;
  if (budget.comparisons > mostComparisons) return 'x509: unknown error';
  if (permitted.length === 0) return undefined;
  for (const constraint of permitted) {
    const match = matches(constraint, false);
    if (typeof match === 'string') return notAuthorized(match);
    if (match) return undefined;
  }
  return notAuthorized(`${label} ${quote(name)} is not permitted by any constraint`);
}

function judgeDomain(
  domain: string,
  { permitted, excluded }: Constraints,
  budget: Budget,
  go: GoRelease,
): string | undefined {
  if (!isDomainName(domain, 'name', go)) return `x509: cannot parse dnsName ${quote(domain)}`;
  return compare(
    {
      label: 'DNS name',
      name: domain,
      matches: (constraint, isExcluded) => matchesDomain({ domain, constraint, isExcluded }, go),
      show: quote,
    },
    { permitted: permitted.dnsNames, excluded: excluded.dnsNames },
    budget,
  );
}

function judgeEmail(
  address: string,
  { permitted, excluded }: Constraints,
  budget: Budget,
  go: GoRelease,
): string | undefined {
  const mailbox = parseMailbox(address, go);
  // Go prints the mailbox that it could not read, which is empty.
  if (mailbox === undefined) return 'x509: cannot parse rfc822Name {"" ""}';
  return compare(
    {
      label: 'email address',
      name: address,
      matches: (constraint, isExcluded) => matchesEmail(mailbox, constraint, isExcluded, go),
      show: quote,
    },
    { permitted: permitted.emailAddresses, excluded: excluded.emailAddresses },
    budget,
  );
}

function matchesEmail(
  { local, domain }: Mailbox,
  constraint: string,
  isExcluded: boolean,
  go: GoRelease,
): boolean {
  if (!constraint.includes('@')) return matchesDomain({ domain, constraint, isExcluded }, go);
  const wanted = parseMailbox(constraint, go);
  return local === wanted?.local && domain.toLowerCase() === wanted.domain.toLowerCase();
}

function judgeUri(
  uri: { readonly host: string; readonly text: string; readonly written: string },
  { permitted, excluded }: Constraints,
  budget: Budget,
  go: GoRelease,
): string | undefined {
  const found = findUriHost(uri, go);
  return compare(
    {
      label: 'URI',
      name: uri.written,
      matches: (constraint, isExcluded) =>
        'error' in found
          ? found.error
          : matchesDomain({ domain: found.host, constraint, isExcluded }, go),
      show: quote,
    },
    { permitted: permitted.uris, excluded: excluded.uris },
    budget,
  );
}

function judgeAddress(
  address: Uint8Array,
  { permitted, excluded }: Constraints,
  budget: Budget,
): string | undefined {
  return compare(
    {
      label: 'IP address',
      name: formatIpAddress(address),
      matches: (range) => isWithin(address, range),
      show: (range) => quote(formatIpRange(range)),
    },
    { permitted: permitted.ipRanges, excluded: excluded.ipRanges },
    budget,
  );
}

/** By the bytes as they are: an IPv4 address is never in a range of IPv6. */
function isWithin(address: Uint8Array, { address: network, mask }: IpRange): boolean {
  return (
    address.length === network.length &&
    address.every((byte, index) => {
      const bits = mask[index] ?? 0;
      return (byte & bits) === ((network[index] ?? 0) & bits);
    })
  );
}
