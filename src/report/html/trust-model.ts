import type { Certificate } from '../../model/certificate.ts';
import { defaultPolicy } from '../../model/policy.ts';
import type { Report } from '../../model/report.ts';
import {
  isAuthority,
  isSelfIssued,
  issuerFit,
  type SeenCertificate,
  seenCertificates,
  shortName,
  usesInWords,
} from '../../deployment/seen-certificates.ts';
import { counted, enumerate } from '../../model/words.ts';
import { table } from '../../model/table.ts';
import { groupBy } from '../../model/group-by.ts';

export interface TrustNode {
  readonly id: string;
  /** The certificates that it represents; several for many alike. */
  readonly sha256s: readonly string[];
  readonly title: string;
  /** When it ends; empty where that is not known. */
  readonly ends: string;
  /** Paths of files, and where else it was seen. */
  readonly places: readonly string[];
  /** Of many alike: which they are. */
  readonly detail: string;
  readonly note: string;
  /** Set where the key of another authority is in it: an issuer signed it to introduce that one. */
  readonly crossSigns?: { readonly id: string; readonly title: string };
  /** `missing`: an issuer that some certificate names and that is not among the files. */
  readonly kind: 'authority' | 'leaf' | 'missing';
  readonly state: 'good' | 'soon' | 'bad';
}

export interface TrustLink {
  readonly from: string;
  readonly to: string;
  /** Why it does not hold; absent when it does. */
  readonly broken?: string;
}

export interface TrustModel {
  readonly nodes: readonly TrustNode[];
  readonly links: readonly TrustLink[];
}

/** Which authority signed what, who trusts what, and which of these links do not hold. */
export function trustModel(report: Report): TrustModel {
  const seen = seenCertificates(report.facts);
  const authorities = seen.filter(({ certificate }) => isAuthority(certificate));
  // Where an authority is both self-signed and cross-signed, what it issued is below its self-signed certificate.
  const roots = authorities.toSorted((one, other) => Number(isCross(one)) - Number(isCross(other)));
  const byIssuer = groupBy(roots, ({ certificate }) => certificate.subject.raw);
  const titles = titlesOf(authorities);
  const refused = refusedIssuers(report);
  const judged = seen.map((each) => ({
    node: nodeOf(each, report, { titles, authorities }),
    link: linkOf(each, byIssuer.get(each.certificate.issuer.raw) ?? [], refused),
  }));
  const links = judged.flatMap(({ link }) => (link === undefined ? [] : [link]));
  const missing = missingIssuers(seen, links);
  return folded({ nodes: [...missing, ...judged.map(({ node }) => node)], links });
}

function isCross({ certificate }: SeenCertificate): boolean {
  return !isSelfIssued(certificate);
}

/** Generations of an authority have one name: the day from which each is valid distinguishes them. */
function titlesOf(authorities: readonly SeenCertificate[]): ReadonlyMap<string, string> {
  const byName = groupBy(authorities, ({ certificate }) => shortName(certificate));
  return new Map(
    [...byName].flatMap(([name, same]) =>
      same.map(({ certificate: { sha256, notBefore } }) => [
        sha256,
        same.length === 1 ? name : `${name}, from ${notBefore.slice(0, 10)}`,
      ]),
    ),
  );
}

/** Certificates whose issuer some side of the forecast does not accept. */
function refusedIssuers({ forecast }: Report): ReadonlyMap<string, string> {
  const reasons = table<string>({
    'x509.same-name-other-key': 'same name, different key',
    'x509.unknown-authority': 'not trusted',
    'x509.missing-intermediate': 'intermediate missing',
  });
  return new Map(
    forecast.flatMap(({ rule, edge, outcome, blame }) => {
      const reason = reasons[rule];
      const own = edge !== 'intruder' && outcome === 'refused';
      return own && reason !== undefined && blame?.sha256 !== undefined
        ? [[blame.sha256, reason] as const]
        : [];
    }),
  );
}

function linkOf(
  { certificate }: SeenCertificate,
  sameName: readonly SeenCertificate[],
  refused: ReadonlyMap<string, string>,
): TrustLink | undefined {
  if (isSelfIssued(certificate)) return undefined;
  const to = idOf(certificate);
  const fitting = sameName.find((parent) => issuerFit(certificate, parent.certificate) === 'fits');
  const [parent = fitting] = fitting === undefined ? sameName : [fitting];
  if (parent === undefined) {
    return { from: ghostId(certificate.issuer.raw), to, broken: 'issuer not found' };
  }
  const broken =
    fitting === undefined ? 'same name, different key' : refused.get(certificate.sha256);
  return { from: idOf(parent.certificate), to, ...(broken !== undefined && { broken }) };
}

/** Half of the digest distinguishes certificates and keeps links short. */
function idOf({ sha256 }: Certificate): string {
  return `certificate-${sha256.slice(-32)}`;
}

function ghostId(issuer: string): string {
  return `missing-${issuer}`;
}

function missingIssuers(
  seen: readonly SeenCertificate[],
  links: readonly TrustLink[],
): readonly TrustNode[] {
  const named = new Map(seen.map(({ certificate: { issuer } }) => [ghostId(issuer.raw), issuer]));
  const wanted = new Set(links.map(({ from }) => from));
  return [...named]
    .filter(([id]) => wanted.has(id))
    .map(([id, issuer]) => ({
      id,
      sha256s: [],
      title: issuer.commonName ?? issuer.text,
      ends: '',
      places: [],
      detail: 'issuer not among the files',
      note: '',
      kind: 'missing',
      state: 'bad',
    }));
}

const dayMilliseconds = 86_400_000;

interface Others {
  readonly titles: ReadonlyMap<string, string>;
  readonly authorities: readonly SeenCertificate[];
}

function nodeOf(seen: SeenCertificate, report: Report, { titles, authorities }: Others): TrustNode {
  const { certificate, places, uses } = seen;
  const authority = isAuthority(certificate);
  const trusting = [...new Set(uses.filter(({ role }) => role === 'ca').map(({ owner }) => owner))];
  const trusted = trusting.length === 0 ? '' : `trusted by ${enumerate(trusting, 3)}`;
  const used = usesInWords(uses.filter(({ role }) => role !== 'ca'));
  const { state, words } = validityOf(certificate, report);
  const crossSigns = authority && isCross(seen) ? sameKey(seen, authorities) : undefined;
  return {
    id: idOf(certificate),
    sha256s: [certificate.sha256],
    title: titles.get(certificate.sha256) ?? shortName(certificate),
    ...(crossSigns && {
      crossSigns: {
        id: idOf(crossSigns),
        title: titles.get(crossSigns.sha256) ?? shortName(crossSigns),
      },
    }),
    places,
    detail: '',
    ends: words,
    note: authority ? trusted : used,
    kind: authority ? 'authority' : 'leaf',
    state,
  };
}

/** The certificate that an authority signed for itself with the key of this one. */
function sameKey(
  { certificate: { publicKey } }: SeenCertificate,
  authorities: readonly SeenCertificate[],
): Certificate | undefined {
  return authorities.find(
    (other) => !isCross(other) && other.certificate.publicKey.sha256 === publicKey.sha256,
  )?.certificate;
}

interface Validity {
  readonly state: TrustNode['state'];
  readonly words: string;
}

function validityOf({ notBefore, notAfter }: Certificate, report: Report): Validity {
  const now = Date.parse(report.collectedAt);
  const days = (Date.parse(notAfter) - now) / dayMilliseconds;
  if (Date.parse(notBefore) > now) return { state: 'bad', words: `from ${notBefore.slice(0, 10)}` };
  if (days < 0) return { state: 'bad', words: `expired ${notAfter.slice(0, 10)}` };
  const soon = days < (report.policy ?? defaultPolicy).expiryWarningDays;
  return { state: soon ? 'soon' : 'good', words: `until ${notAfter.slice(0, 10)}` };
}

const mostSiblings = 10;

/** Many leaves of one issuer that are equally well become one node. */
function folded({ nodes, links }: TrustModel): TrustModel {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const leaves = links.filter(({ to }) => byId.get(to)?.kind === 'leaf');
  const families = groupBy(leaves, ({ from, to, broken }) =>
    JSON.stringify([from, broken, byId.get(to)?.state]),
  );
  const surplus = [...families.values()].filter((family) => family.length > mostSiblings);
  const gone = new Set(surplus.flatMap((family) => family.map(({ to }) => to)));
  const stand = surplus.flatMap((family, index) => standIn(family, byId, index));
  return {
    nodes: [...nodes.filter(({ id }) => !gone.has(id)), ...stand.map(({ node }) => node)],
    links: [...links.filter(({ to }) => !gone.has(to)), ...stand.map(({ link }) => link)],
  };
}

function standIn(
  family: readonly TrustLink[],
  byId: ReadonlyMap<string, TrustNode>,
  index: number,
): readonly { readonly node: TrustNode; readonly link: TrustLink }[] {
  const [first] = family;
  const sample = byId.get(first?.to ?? '');
  if (first === undefined || sample === undefined) return [];
  const titles = family.flatMap(({ to }) => byId.get(to)?.title ?? []);
  const id = `family-${index}`;
  const node = {
    ...sample,
    id,
    sha256s: family.flatMap(({ to }) => byId.get(to)?.sha256s ?? []),
    places: [],
    title: counted(family.length, 'certificate'),
    ends: '',
    detail: enumerate(titles, 3),
    note: '',
  };
  return [{ node, link: { ...first, to: id } }];
}
