import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';

/** What a domain is compared with until Go 1.25: one constraint after the other. */
export interface DomainQuestion {
  readonly domain: string;
  readonly constraint: string;
  readonly isExcluded: boolean;
}

/** A leading dot asks for subdomains, nothing matches everything. */
export function matchesDomain(
  { domain, constraint, isExcluded }: DomainQuestion,
  go: GoRelease,
): boolean {
  if (constraint === '') return true;
  const asksForSubdomain = constraint.startsWith('.');
  const labels = reverseLabels(domain, go);
  const wanted = reverseLabels(asksForSubdomain ? constraint.slice(1) : constraint, go);
  const spare = labels.length - wanted.length;
  if (spare < (asksForSubdomain ? 1 : 0)) return false;

  // A wildcard name covers an excluded name of the same length (CVE-2025-61727).
  const isCovered = isExcluded && domain.startsWith('*') && isPatchedSince(go, [24, 11], [25, 5]);
  const compared = isCovered && spare === 0 && labels.length > 1 ? wanted.slice(0, -1) : wanted;
  return compared.every((label, index) => label === labels[index]);
}

/** A leading dot was passed over until 1.22. */
function reverseLabels(domain: string, go: GoRelease): readonly string[] {
  const written = isSince(go, 23) ? domain : domain.replace(/^\./, '');
  return written === '' ? [] : written.toLowerCase().split('.').toReversed();
}
