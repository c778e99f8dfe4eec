import type { Certificate } from '../model/certificate.ts';
import type { Deployment } from '../model/deployment.ts';
import { groupBy } from '../model/group-by.ts';
import { peerLinksAt } from './forecast.ts';
import type { Edge, QuorumLoss } from '../model/forecast.ts';
import { canBeLed, keepsQuorum } from './quorum.ts';
import { factPath } from '../deployment/deployed-path.ts';

/** Undefined when no expiry of the certificates at hand costs it, or when there is none to lose. */
export function quorumLoss(evidence: Deployment, edges: readonly Edge[]): QuorumLoss | undefined {
  const members = (evidence.facts.members ?? []).map(({ name }) => name);
  if (members.length === 0) return undefined;
  if (members.length > 1 && !keepsQuorum(edges, members)) return undefined;

  const certificates = peerCertificates(evidence);
  const now = Date.parse(evidence.collectedAt);
  const expiries = certificates.filter(({ notAfter }) => Date.parse(notAfter) >= now);
  const dates = [...new Set(expiries.map(({ notAfter }) => notAfter))].toSorted();
  const isLost = (date: string): boolean =>
    !canBeLed(members, peerLinksAt(evidence, justAfter(date)));
  const at = spansOf(dates, certificates)
    .map((span) => firstWhere(span, isLost))
    .find((date) => date !== undefined);
  if (at === undefined) return undefined;

  const expired = expiries.filter(({ notAfter }) => notAfter <= at);
  const subjects = new Set(expired.map(({ subject }) => subject.text));
  return { at: new Date(at).toISOString(), expired: [...subjects] };
}

/** notAfter is the last moment at which a certificate is valid. */
function justAfter(date: string): string {
  return new Date(Date.parse(date) + 1000).toISOString();
}

/** Dates between which no certificate becomes valid: within each, a quorum that is lost does not come back. */
function spansOf(
  dates: readonly string[],
  certificates: readonly Certificate[],
): readonly (readonly string[])[] {
  const starts = certificates.map(({ notBefore }) => Date.parse(notBefore));
  const begun = (date: string): number => {
    const moment = Date.parse(justAfter(date));
    return starts.filter((start) => start <= moment).length;
  };
  return [...groupBy(dates, begun).values()];
}

/** The first item of which something holds that holds of every later one too. */
function firstWhere<Item>(
  items: readonly Item[],
  holds: (item: Item) => boolean,
): Item | undefined {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const item = items[middle];
    if (item !== undefined && holds(item)) to = middle;
    else from = middle + 1;
  }
  return items[from];
}

function peerCertificates({ facts }: Deployment): readonly Certificate[] {
  const used = peerFiles(facts.members ?? []);
  return (facts.files ?? [])
    .filter(({ path }) => used.has(path))
    .flatMap(({ blocks }) => blocks)
    .flatMap((block) => (block.kind === 'certificate' ? [block.certificate] : []));
}

function peerFiles(members: NonNullable<Deployment['facts']['members']>): ReadonlySet<string> {
  const paths = members.flatMap(({ settings: { peer }, files }) => {
    const deployed = [peer.certFile, peer.clientCertFile, peer.trustedCaFile];
    return deployed.flatMap((setting) => {
      return setting === undefined ? [] : [factPath(setting.value, files)];
    });
  });
  return new Set(paths);
}
