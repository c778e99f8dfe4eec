import { type GoRelease, isPatchedSince, isSince } from './go-release.ts';

/** Whether Go accepts the text as a domain: of a SAN, a URI or a mailbox, or of a constraint. */
export function isDomainName(text: string, place: 'name' | 'constraint', go: GoRelease): boolean {
  if (text === '') return true;
  const isNewRule = isPatchedSince(go, [24, 8], [25, 2]);
  const trimmed = place === 'constraint' && text.startsWith('.') ? text.slice(1) : text;
  // The newer rule runs over nothing here and finds an empty label; the older one finds no label at all.
  if (trimmed === '') return !isNewRule;
  return hasSoundLabels(trimmed, isNewRule || isSince(go, 23));
}

/** Go's domainToReverseLabels, which mailboxes are judged by in every release. */
export function hasSoundLabels(domain: string, refusesLeadingDot: boolean): boolean {
  if (domain === '') return true;
  const labels = domain.split('.');
  if (!refusesLeadingDot && labels[0] === '') labels.shift();
  return labels.every((label) => /^[!-~]+$/.test(label));
}
